"""The tables of the registry, the batches in which their rows came, duplicates and merges."""

from wenjiuye.platform.registry.models.batches import ImportBatch, ImportedTable, SetAside
from wenjiuye.platform.registry.models.duplicates import DuplicatePair, Merge
from wenjiuye.platform.registry.models.imports import CheckedTable, FileImport, HeaderMapping, ImportSheet
from wenjiuye.platform.registry.models.rows import MODELS, row_model

__all__ = [
    "MODELS",
    "CheckedTable",
    "DuplicatePair",
    "FileImport",
    "HeaderMapping",
    "ImportBatch",
    "ImportSheet",
    "ImportedTable",
    "Merge",
    "SetAside",
    "row_model",
]
