// Written by `python -m hsjupyter.gui.schema` from hsjupyter/gui. Do not edit.

/** A parameter: what does not change while one moves its slider. */
export type ParameterRecord = {
  name: string;
  doc: string;
  units: string;
  vector: boolean;
  slots: number[];
  elements: string[];
  default: number[];
  hint: number[] | null;
};

/** A switch or a number of a component beside its parameters; ``empty``: it may be none. */
export type ExtraRecord = {
  name: string;
  doc: string;
  value: boolean | number | null;
  empty: boolean;
};

/** A component: its words, and its formula for the browser where it has one. */
export type ComponentRecord = {
  id: string;
  name: string;
  type: string;
  in_model: boolean;
  dimensions: number;
  colour: string;
  formula: string;
  js: string | null;
  position: number | null;
  height: number | null;
  width: number | null;
  reach: number;
  extras: ExtraRecord[];
  parameters: ParameterRecord[];
};

/** An axis one moves along; ``positions`` where they are not equally spaced. */
export type AxisRecord = {
  name: string;
  units: string;
  size: number;
  scale: number;
  offset: number;
  positions: number[] | null;
};

/** The structure: everything but the working numbers. */
export type Spec = {
  title: string;
  slots: string[];
  components: ComponentRecord[];
  addable: string[];
  peaks: string[];
  signal: AxisRecord | null;
  navigation: AxisRecord[];
};

/** How good the stored fit of the current pixel is. */
export type QualityRecord = {
  chisq: number | null;
  reduced_chisq: number | null;
  free: number;
  channels: number;
};

/** A pixel that could not be fitted, and why. */
export type FailureRecord = {
  place: number[];
  reason: string;
};

/** A fit of many pixels under way, or the last one; ``awaited`` when a cell waits for it. */
export type RunRecord = {
  state: string;
  done: number;
  total: number;
  failures: number;
  seconds: number;
  rate: number | null;
  eta: number | null;
  awaited: boolean;
  note: string;
  failed: FailureRecord[];
};

/** What undo and redo would do, in words; empty for nothing. */
export type HistoryRecord = {
  undo: string;
  redo: string;
};

/** Widget ids of the marks that the browser writes, and how to draw them. */
export type CurvesRecord = {
  figure: string;
  panzoom: string;
  model: string;
  residual: string;
  lines: Record<string, string>;
  handles: string[];
  still: number[];
  labels: boolean;
  show_lines: boolean;
  show_residual: boolean;
  band: string;
  axes: string[];
  rest: string;
  log_x: boolean;
  log_y: boolean;
  uncertainty: boolean;
  weights: boolean;
  hidden: string[];
};

/** A coordinate: that of a slot, or a number where there is none. */
export type PlaceRecord = {
  slot: number | null;
  value: number;
};

/** The slots that handles on an image move: position, lengths along its own axes, and angle. */
export type SpotRecord = {
  position: number[];
  widths: number[];
  reach: number[];
  angle: number | null;
  pivot: PlaceRecord[];
};

/** What a plot of images draws: its axes, and what the handles of each component move. */
export type ImageRecord = {
  x: AxisRecord;
  y: AxisRecord;
  quantity: string;
  square: boolean;
  handles: Record<string, SpotRecord>;
  labels: boolean;
  outlines: boolean;
};

/** A span that a person is asked for: what for, its button, and where it is at first. */
export type SpanRecord = {
  title: string;
  button: string;
  ends: number[];
};

/** Something one may choose: how the wire calls it, and how people do. */
export type ChoiceRecord = {
  id: string;
  name: string;
};

/** The ends of a map's colours where its numbers are kinds, with the words that stand there. */
export type EndsRecord = {
  low: number;
  high: number;
  below: string;
  between: string;
  above: string;
};

/** What the map one navigates by shows; ``shape`` is (x, y), ``failed`` counts row by row. */
export type MapRecord = {
  choice: string;
  choices: ChoiceRecord[];
  shape: number[];
  units: string;
  failed: number[];
  ends: EndsRecord | null;
};

/** A strategy of a SAMFire fit, and how many pixels it did. */
export type StrategyRecord = {
  name: string;
  active: boolean;
  done: number;
};

/** How frequent the values of a number are: ``edges`` has one more than ``heights``. */
export type HistogramRecord = {
  name: string;
  heights: number[];
  edges: number[];
};

/** How a SAMFire fit stands; ``title`` and ``history`` are of the current pixel. */
export type SamfireRecord = {
  done: number;
  left: number;
  strategies: StrategyRecord[];
  title: string;
  history: string[];
  summary: string[];
  histograms: HistogramRecord[];
};

/** A number that a form asks for; ``value`` is None where it is not known. */
export type QuestionRecord = {
  name: string;
  label: string;
  units: string;
  doc: string;
  needed: boolean;
  value: number | null;
};

/** What a form asks for, and the Python that does the same. */
export type FormRecord = {
  questions: QuestionRecord[];
  call: string;
};

/** A number that a visitor sees; ``touch`` is "locked", "slider" or "free". */
export type RowRecord = {
  slot: number;
  label: string;
  group: string;
  doc: string;
  units: string;
  touch: string;
};

/** How good a fit is, in plain words; ``level`` is "good", "fair", "poor" or "unknown". */
export type VerdictRecord = {
  level: string;
  text: string;
};

/** What a visitor of a dashboard may touch, and is told. */
export type PageRecord = {
  rows: RowRecord[];
  verdicts: VerdictRecord[];
};

/** The top and the foot of a dashboard: what it is about, which data, how large they may be. */
export type DeskRecord = {
  title: string;
  text: string[];
  files: string[];
  data: string;
  limit: number;
  suffixes: string[];
};

/** What every request of a browser gets; ``error`` is empty when it was carried out. */
export type Answer = {
  id: string;
  ok: boolean;
  error: string;
  text: string;
};

/** A model that lives in a kernel, as the sidebar lists it. */
export type ModelLine = {
  key: string;
  name: string;
  title: string;
  signal: string;
  dimensions: string;
  mapped: boolean;
  components: string[];
  busy: string;
  run: RunRecord | null;
};

/** A signal of which a model can be made, and the components it can begin with. */
export type SignalLine = {
  name: string;
  title: string;
  addable: string[];
};

/** What the sidebar is told of a kernel. */
export type KernelRecord = {
  models: ModelLine[];
  signals: SignalLine[];
};

/** What a host synchronises. */
export type HostState = {
  active: boolean[];
  bmax: (number | null)[];
  bmin: (number | null)[];
  busy: string;
  curves: CurvesRecord | null;
  data: DataView;
  form: FormRecord | null;
  free: boolean[];
  history: HistoryRecord | null;
  image: ImageRecord | null;
  inside: DataView;
  key: string;
  kind:
    | "parameter"
    | "component"
    | "model"
    | "plot"
    | "run"
    | "form"
    | "recipe"
    | "image"
    | "samfire";
  limits: number[];
  linked: (string | null)[];
  map: MapRecord | null;
  map_values: DataView;
  page: PageRecord | null;
  per_pixel: boolean[];
  pixel: number[];
  problem: string;
  pushed: Record<string, DataView>;
  quality: QualityRecord | null;
  run: RunRecord | null;
  samfire: SamfireRecord | null;
  span: SpanRecord | null;
  spec: Spec;
  std: (number | null)[];
  uncertainty: DataView;
  values: (number | null)[];
  widths: DataView;
  x: DataView;
  y: DataView;
};

/** What a desk synchronises. */
export type DeskState = {
  desk: DeskRecord;
  part: string;
};
