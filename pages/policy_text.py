"""What the pages room has to say in policies."""

from core.extensions.policies import PolicyText

PAGES_TEXT = PolicyText(
    identifier="pages.versions",
    kind="privacy",
    heading={"en": "How this policy changes", "zh-hans": "本政策如何变更"},
    text={
        "en": (
            "Every version of this policy stays readable at its own address. A new version names "
            "the day of its update and the moment it takes effect, and says in plain words what "
            "changed."
        ),
        "zh-hans": (
            "本政策的每个版本都会保留在各自的网址上，随时可以查阅。新版本会注明更新日期和生效时间，"
            "并用通俗的语言说明变更内容。"
        ),
    },
)
