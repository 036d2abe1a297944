"""What crosses the wire: plain records, from which the browser's types are written.

Names are the same on both sides. A number that is not known is None, since JSON has no NaN.
"""

from typing import Literal, TypedDict

Kind = Literal[
    "parameter", "component", "model", "plot", "run", "form", "recipe", "image", "samfire"
]


class ParameterRecord(TypedDict):
    """A parameter: what does not change while one moves its slider."""

    name: str
    doc: str
    units: str
    vector: bool
    slots: list[int]
    elements: list[str]
    default: list[float]
    hint: list[float] | None


class ExtraRecord(TypedDict):
    """A switch or a number of a component beside its parameters; ``empty``: it may be none."""

    name: str
    doc: str
    value: bool | float | None
    empty: bool


class ComponentRecord(TypedDict):
    """A component: its words, and its formula for the browser where it has one.

    ``position``, ``height`` and ``width`` are the slots that handles in the plot move; moving
    ``width`` moves its handle ``reach`` times as far. ``in_model``: there are data to fit it to.
    ``dimensions``: of its signal.
    """

    id: str
    name: str
    type: str
    in_model: bool
    dimensions: int
    colour: str
    formula: str
    js: str | None
    position: int | None
    height: int | None
    width: int | None
    reach: float
    extras: list[ExtraRecord]
    parameters: list[ParameterRecord]


class AxisRecord(TypedDict):
    """An axis one moves along; ``positions`` where they are not equally spaced."""

    name: str
    units: str
    size: int
    scale: float
    offset: float
    positions: list[float] | None


class Spec(TypedDict):
    """The structure: everything but the working numbers.

    ``slots`` names every place of the columns, and stays right when components come and go.
    """

    title: str
    slots: list[str]
    components: list[ComponentRecord]
    addable: list[str]
    peaks: list[str]
    signal: AxisRecord | None
    navigation: list[AxisRecord]


class QualityRecord(TypedDict):
    """How good the stored fit of the current pixel is."""

    chisq: float | None
    reduced_chisq: float | None
    free: int
    channels: int


class FailureRecord(TypedDict):
    """A pixel that could not be fitted, and why."""

    place: list[int]
    reason: str


class RunRecord(TypedDict):
    """A fit of many pixels under way, or the last one; ``awaited`` when a cell waits for it.

    ``note`` says why it does not go on, ``failed`` the first of the failures.
    """

    state: str
    done: int
    total: int
    failures: int
    seconds: float
    rate: float | None
    eta: float | None
    awaited: bool
    note: str
    failed: list[FailureRecord]


class HistoryRecord(TypedDict):
    """What undo and redo would do, in words; empty for nothing."""

    undo: str
    redo: str


class CurvesRecord(TypedDict):
    """Widget ids of the marks that the browser writes, and how to draw them.

    ``handles`` are the ids of the components that have one; ``labels``: with their names beside;
    ``still``: the slots that no handle moves.
    """

    figure: str
    panzoom: str
    model: str
    residual: str
    lines: dict[str, str]
    handles: list[str]
    still: list[int]
    labels: bool
    show_lines: bool
    show_residual: bool
    band: str
    axes: list[str]
    rest: str
    log_x: bool
    log_y: bool
    uncertainty: bool
    weights: bool
    hidden: list[str]


class PlaceRecord(TypedDict):
    """A coordinate: that of a slot, or a number where there is none."""

    slot: int | None
    value: float


class SpotRecord(TypedDict):
    """The slots that handles on an image move: position, lengths along its own axes, and angle.

    A length times ``reach`` is where its handle is. ``pivot`` is what the angle turns it about; its
    position where empty.
    """

    position: list[int]
    widths: list[int]
    reach: list[float]
    angle: int | None
    pivot: list[PlaceRecord]


class ImageRecord(TypedDict):
    """What a plot of images draws: its axes, and what the handles of each component move."""

    x: AxisRecord
    y: AxisRecord
    quantity: str
    square: bool
    handles: dict[str, SpotRecord]
    labels: bool
    outlines: bool


class SpanRecord(TypedDict):
    """A span that a person is asked for: what for, its button, and where it is at first."""

    title: str
    button: str
    ends: list[float]


class ChoiceRecord(TypedDict):
    """Something one may choose: how the wire calls it, and how people do."""

    id: str
    name: str


class EndsRecord(TypedDict):
    """The ends of a map's colours where its numbers are kinds, with the words that stand there."""

    low: float
    high: float
    below: str
    between: str
    above: str


class MapRecord(TypedDict):
    """What the map one navigates by shows; ``shape`` is (x, y), ``failed`` counts row by row.

    The browser finds the ends of the colours where there are none.
    """

    choice: str
    choices: list[ChoiceRecord]
    shape: list[int]
    units: str
    failed: list[int]
    ends: EndsRecord | None


class StrategyRecord(TypedDict):
    """A strategy of a SAMFire fit, and how many pixels it did."""

    name: str
    active: bool
    done: int


class HistogramRecord(TypedDict):
    """How frequent the values of a number are: ``edges`` has one more than ``heights``."""

    name: str
    heights: list[float]
    edges: list[float]


class SamfireRecord(TypedDict):
    """How a SAMFire fit stands; ``title`` and ``history`` are of the current pixel."""

    done: int
    left: int
    strategies: list[StrategyRecord]
    title: str
    history: list[str]
    summary: list[str]
    histograms: list[HistogramRecord]


class QuestionRecord(TypedDict):
    """A number that a form asks for; ``value`` is None where it is not known."""

    name: str
    label: str
    units: str
    doc: str
    needed: bool
    value: float | None


class FormRecord(TypedDict):
    """What a form asks for, and the Python that does the same."""

    questions: list[QuestionRecord]
    call: str


class RowRecord(TypedDict):
    """A number that a visitor sees; ``touch`` is "locked", "slider" or "free"."""

    slot: int
    label: str
    group: str
    doc: str
    units: str
    touch: str


class VerdictRecord(TypedDict):
    """How good a fit is, in plain words; ``level`` is "good", "fair", "poor" or "unknown"."""

    level: str
    text: str


class PageRecord(TypedDict):
    """What a visitor of a dashboard may touch, and is told."""

    rows: list[RowRecord]
    verdicts: list[VerdictRecord]


class DeskRecord(TypedDict):
    """The top and the foot of a dashboard: what it is about, which data, how large they may be."""

    title: str
    text: list[str]
    files: list[str]
    data: str
    limit: int
    suffixes: list[str]


class Answer(TypedDict):
    """What every request of a browser gets; ``error`` is empty when it was carried out.

    ``text`` is what it asked for, where it asked for one.
    """

    id: str
    ok: bool
    error: str
    text: str


class ModelLine(TypedDict):
    """A model that lives in a kernel, as the sidebar lists it.

    ``name`` is how Python writes it there, ``signal`` the same of its signal, empty for none.
    """

    key: str
    name: str
    title: str
    signal: str
    dimensions: str
    mapped: bool
    components: list[str]
    busy: str
    run: RunRecord | None


class SignalLine(TypedDict):
    """A signal of which a model can be made, and the components it can begin with."""

    name: str
    title: str
    addable: list[str]


class KernelRecord(TypedDict):
    """What the sidebar is told of a kernel."""

    models: list[ModelLine]
    signals: list[SignalLine]
