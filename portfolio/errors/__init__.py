"""The errors a user can put right: what happened, where, and what to do about it.

Each has a slug that never changes and its heading in docs/errors.md. Misuse by our own code is a
ValueError instead. A module holds those of one part of the program.
"""

from portfolio.errors.asked import (
    AmbiguousIdError,
    CommandLineError,
    EmptySpanError,
    ExtraMissingError,
    FileUnreadableError,
    FileUnwritableError,
    InvalidNameError,
    MomentError,
    UnknownChoiceError,
    UnknownNameError,
)
from portfolio.errors.assigning import (
    ArmInRaceError,
    DrawTooLateError,
    NoRoomError,
    RaceOfOneError,
    SameArmError,
)
from portfolio.errors.base import PortfolioError, WorkProblemSlug, problem
from portfolio.errors.files import BadgeMarkersError
from portfolio.errors.git import HookFolderError, NotARepositoryError
from portfolio.errors.home import (
    CatalogueError,
    NotSetUpError,
    PlanFactError,
    PlanNotJudgedError,
    SettingError,
)
from portfolio.errors.meters import (
    AccountSpanError,
    AccountTakenError,
    ClientSettingsError,
    NothingReadError,
    ProviderMismatchError,
)
from portfolio.errors.months import BudgetTooSmallError, WhatIfError
from portfolio.errors.planning import BacklogError, NothingToPlanError
from portfolio.errors.routines import (
    AlertsExtraError,
    NoTimerError,
    TimerForeignError,
    TimerPathError,
    TimerProgramError,
)
from portfolio.errors.store import (
    ExportForeignError,
    ExportUnreadableError,
    ImportClashError,
    StoreBusyError,
    StoreUnreadableError,
)
from portfolio.errors.twins import (
    TwinChangeError,
    TwinFolderError,
    TwinJudgedError,
    TwinNotShippedError,
)
from portfolio.errors.windows import WindowPartsError, WindowSpanError, WindowTableError
from portfolio.errors.work import (
    BadNamingError,
    ItemIdError,
    NoItemError,
    NothingSaidError,
    StepError,
)

__all__ = [
    "AccountSpanError",
    "AccountTakenError",
    "AlertsExtraError",
    "AmbiguousIdError",
    "ArmInRaceError",
    "BacklogError",
    "BadNamingError",
    "BadgeMarkersError",
    "BudgetTooSmallError",
    "CatalogueError",
    "ClientSettingsError",
    "CommandLineError",
    "DrawTooLateError",
    "EmptySpanError",
    "ExportForeignError",
    "ExportUnreadableError",
    "ExtraMissingError",
    "FileUnreadableError",
    "FileUnwritableError",
    "HookFolderError",
    "ImportClashError",
    "InvalidNameError",
    "ItemIdError",
    "MomentError",
    "NoItemError",
    "NoRoomError",
    "NoTimerError",
    "NotARepositoryError",
    "NotSetUpError",
    "NothingReadError",
    "NothingSaidError",
    "NothingToPlanError",
    "PlanFactError",
    "PlanNotJudgedError",
    "PortfolioError",
    "ProviderMismatchError",
    "RaceOfOneError",
    "SameArmError",
    "SettingError",
    "StepError",
    "StoreBusyError",
    "StoreUnreadableError",
    "TimerForeignError",
    "TimerPathError",
    "TimerProgramError",
    "TwinChangeError",
    "TwinFolderError",
    "TwinJudgedError",
    "TwinNotShippedError",
    "UnknownChoiceError",
    "UnknownNameError",
    "WhatIfError",
    "WindowPartsError",
    "WindowSpanError",
    "WindowTableError",
    "WorkProblemSlug",
    "problem",
]
