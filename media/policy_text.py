"""What the media room has to say in policies: pictures lose the place where they were taken."""

from core.extensions.policies import PolicyText

PICTURE_TEXT = PolicyText(
    identifier="media.pictures",
    kind="privacy",
    heading={"en": "Pictures", "zh-hans": "图片"},
    text={
        "en": (
            "A picture can carry the location where it was taken. We remove it, with the camera's "
            "data and hidden previews, before a picture is stored. What a picture shows, we cannot "
            "remove."
        ),
        "zh-hans": (
            "图片可能带有拍摄地点的信息。我们会在保存图片之前删除拍摄地点、相机信息和隐藏的预览图。"
            "图片画面本身所显示的内容，我们无法去除。"
        ),
    },
)
