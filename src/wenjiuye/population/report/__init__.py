"""Reports of a run over a whole city: charts and tables as plain data, drawn as page, picture or terminal text."""

from wenjiuye.population.errors import MissingPackageError
from wenjiuye.population.report.errors import ReportError
from wenjiuye.population.report.html import write_html
from wenjiuye.population.report.model import (
    MONEY,
    SHARE,
    BarChart,
    Chart,
    Column,
    Figure,
    Histogram,
    Lang,
    Line,
    LineChart,
    Report,
    Section,
    Series,
    TablePart,
    Unit,
    counted,
)
from wenjiuye.population.report.png import write_png
from wenjiuye.population.report.svg import write_svg
from wenjiuye.population.report.tables import table_of
from wenjiuye.population.report.terminal import terminal_bars

__all__ = [
    "MONEY",
    "SHARE",
    "BarChart",
    "Chart",
    "Column",
    "Figure",
    "Histogram",
    "Lang",
    "Line",
    "LineChart",
    "MissingPackageError",
    "Report",
    "ReportError",
    "Section",
    "Series",
    "TablePart",
    "Unit",
    "counted",
    "table_of",
    "terminal_bars",
    "write_html",
    "write_png",
    "write_svg",
]
