"""Tables of the pages room."""

from pages.models.acceptances import (
    AcceptanceExpiry,
    AcceptanceRemoval,
    AcceptanceSeal,
    PolicyAcceptance,
    SealedCommitment,
)
from pages.models.content import HomePage, PostIndexPage, PostPage, StandardPage
from pages.models.entries import Entry
from pages.models.menus import Menu, MenuItem
from pages.models.notices import (
    DeliveryState,
    NoticeCampaign,
    NoticeDelivery,
    NoticeSubscriber,
)
from pages.models.policies import PolicyDocument, PolicyText, PolicyVersion
from pages.models.policy_pages import PolicyPage
from pages.models.public_pages import PublicPage
from pages.models.publishers import PolicyPublisher
from pages.models.reusable_blocks import ReusableBlock
from pages.models.settings import SiteIdentitySettings
from pages.models.terms import Category, Tag, Term

__all__ = [
    "AcceptanceExpiry", "AcceptanceRemoval", "AcceptanceSeal", "Category", "DeliveryState",
    "Entry", "HomePage", "Menu", "MenuItem", "NoticeCampaign", "NoticeDelivery", "NoticeSubscriber",
    "PolicyAcceptance", "PolicyDocument", "PolicyPage", "PolicyPublisher", "PolicyText",
    "PolicyVersion", "PostIndexPage", "PostPage", "PublicPage", "ReusableBlock", "SealedCommitment",
    "SiteIdentitySettings", "StandardPage", "Tag", "Term",
]  # fmt: skip
