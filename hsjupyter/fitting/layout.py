"""Where the compiled driver finds what: places in three lists of 64-bit words.

A word is a whole number, or the address of float64 numbers (F), of whole numbers (I) or of machine
code (C). The *table* is a model, the same for all pixels of a job; the *view* is the data of one
pixel at one width of channels; the *space* is what a thread writes to.
"""

# The table.
N_KERNELS = 0
KERNELS = 1  # I: (component, KERNEL_WORDS)
N_FREE = 2
ROWS = 3  # I: where the rows of the free numbers begin, then that of the residual
SLOTS = 4  # I: (free,)
N_SLOTS = 5
N_LINKS = 6
LINKS = 7  # I: (link, 3): code, slot, row; each after all that it follows
N_SOURCES = 8  # of the link that has most
SOURCES = 9  # I: (link, source): slots, -1 for none
ROW_OF = 10  # I: (slot,), -1 for none
N_EMPTY = 11
EMPTY = 12  # I: rows that no kernel writes
TILES = 13  # I: (SIDE + 2)**2 codes
SIDE = 14  # of a tile
LOSS = 15  # C: of the loss; 0 for least squares
LOWER = 16  # F: (free,)
UPPER = 17  # F: (free,)
N_LINEAR = 18
LINEAR = 19  # I: places among the free of those solved for at once
OWNER = 20  # I: (free,): the linear one that a row is a multiple of, or -1
BLOCK = 21  # channels at a time
N_REACHES = 22  # components that are next to nothing far out
STRIDE = 23  # from row to row of a block: a little more, so that rows do not share cache lines
LOSS_END = 24  # C: what the loss tells of errors, once at the very end; 0 for nothing
DELTA = 25  # F: (1,): a number of the loss; 0 for none
LOSS_SLOPES = 26  # C: a loss with the same slopes that costs less; 0 for none
TABLE_WORDS = 27

# A component of the table.
CODE = 0  # C
FIRST_SLOT = 1
FIRST_ROW = 2
REACH = 3  # C: an upper bound of the exponent over a range of coordinates; 0 for none
LINE = 4  # row of the coordinates that it starts from
N_ROWS = 5
ON_GRID = 6  # 1 where the code is for channels on a rectangle
KERNEL_WORDS = 7

# The view.
X = 0  # F: (coordinate, channel)
N_CHANNELS = 1
Y = 2  # F: (channel,)
ROOTS = 3  # F: (channel,) of the weights, or of widths for counts; 0 for none
RANGES = 4  # F: (block, coordinate, 2): the least and greatest of every block
VIEW_LOSS = 5  # C: of the loss that counts now; 0 for least squares
VIEW_ACROSS = 6  # channels in a row of an image; 0 where they are no rectangle
VIEW_WORDS = 7

# The space.
WORK = 0  # F: one block of every row, the residual's first
SCRATCH = 1  # F: arguments and results of a link
SLOPES = 2  # F: (link, source)
COUNTS = 3  # F: one block
WEIGHTS = 4  # F: one block
DEVIANCE = 5  # F: (4,): and the squares of data less model; what the loss counts; its number
MATRIX = 6  # F: (free, free)
RIGHT = 7  # F: (free,)
STEP = 8  # F: (free,)
SCALE = 9  # F: (free,)
WHICH = 10  # I: (free,)
HERE = 11  # F: (slot,)
TRIAL = 12  # F: (slot,)
GRAM_HERE = 13  # F: (free + 1, free + 1)
GRAM_TRIAL = 14  # F
CHANGE = 15  # F: (free,)
HELD = 16  # I: (free,)
STATE = 17  # F: what is known of the descent, see below
LIVE = 18  # I: (free + 1,) rows that count in a block
LIVE_PLACES = 19  # I: (free + 1,) which they are
LIVE_GRAM = 20  # F: (free + 1, free + 1)
BOUNDS = 21  # F: (component, block): exponents
Y_COARSE = 22  # F: (coarse channel,)
ROOTS_COARSE = 23  # F: (coarse channel,)
Y_FINE = 24  # F: (channel,)
BEND = 25  # F: (free, free): what the Gram matrix lacks of the second derivatives
WAY = 26  # F: (free,): where the last step led
RISE = 27  # F: (free,): what the slope changed over it
AWAY = 28  # F: (slot,): where a fit by slopes is
SPACE_WORDS = 29

# The state of a descent.
COST = 0
COUNT = 1  # evaluations so far
SWAPPED = 2  # 1 where the Gram matrix of the best place is in GRAM_TRIAL
GOOD_COARSE = 3  # what the pixel before came down to in the first stage
GOOD_FINE = 4  # and in the second
TOLD = 5  # 1 where the Gram matrix and what the loss tells are those of the end
STATE_WORDS = 6

# A job.
N_PIXELS = 0
DATA = 1  # I: (pixel,): where the numbers of each begin
ALL_ROOTS = 2  # F: (pixel or 1, channel), 0 for none
ROOTS_STEP = 3  # from pixel to pixel: channels, or 0 where all have the same
VALUES = 4  # F: (pixel, slot); in: start values, out: where it ended
GRAMS = 5  # F: (pixel, free + 1, free + 1): at the last evaluation
STOP = 6  # I: (1,): not 0 where no further pixel is to begin
FACTOR = 7  # channels that the first stage sums up; 1 for no such stage
MAX_EVALUATIONS = 8
TOLERANCE = 9  # F: (3,): see lm
COARSE = 10  # I: the view of the first stage
FINE = 11  # I: the view of the second
DEVIATIONS = 12  # F: (pixel, free)
SINGLE = 13  # 1 where the data are float32
CHANNELS = 14  # I: (channel,): those of the signal range; 0 for all
WIDTHS = 15  # F: (channel,): what data are divided by; 0 for nothing
POLISH = 16  # steps to rounding at the end; 0 for none
ACROSS = 17  # channels in a row of an image; 0 for a spectrum
CHISQ = 18  # F: (pixel,)
SQUARES = 19  # F: (pixel,): chi squared, whatever the loss, without weights
STEEP = 20  # F: (pixel,): how steep it is where it ended, see finish; 0 for not told
HELD_SQUARES = 21  # F: (pixel,): squares of what a robust loss leaves of residuals
INSIDE = 22  # F: (pixel,): channels that it does not hold
STATUS = 23  # I: (pixel,)
EVALUATIONS = 24  # I: (pixel,)
OWN = 25  # I: (pixel,): 0 where the end of the pixel before is tried as a start as well
JOB_WORDS = 26
