/** Most members of a set, and the longest member kept, in UTF-16 code units. */
export interface StringsBound {
  readonly countMax: number;
  readonly charsMax: number;
}

/** What a session's state holds at most. All of it together stays below about 5 MB for the worst of callers. */
export interface SessionBounds {
  readonly names: StringsBound;
  readonly userIds: StringsBound;
  readonly models: StringsBound;
  readonly providers: StringsBound;
  readonly statusesMax: number;
  readonly propertyKeys: StringsBound;
  readonly propertyValues: StringsBound;
  readonly paths: StringsBound;
  readonly stepsMax: number;
  readonly scores: StringsBound;
  readonly latestNameCharsMax: number;
  readonly chosenIdsMax: number;
}

/**
 * The bounds in force. A set beyond its bound is not wrong but unknown: it is named in `truncated_fields`, and filters on
 * it are answered from the rows. Changing one changes which members are kept, so states must then be rebuilt.
 */
export const SESSION_BOUNDS: SessionBounds = {
  // A session has one name as a rule; 100 leaves room for callers that name each step. 1,024: names are filtered by
  // substring, and what is longer than a screen is not a name.
  names: { countMax: 100, charsMax: 1_024 },
  // A shared agent or a chat room serves many users; beyond a thousand the set costs more to store than the rows.
  userIds: { countMax: 1_000, charsMax: 256 },
  // Model names include `tool:<name>` and `data:<name>` of logged steps: a workflow of 100 kinds of steps fits.
  models: { countMax: 100, charsMax: 256 },
  // Providers that we know are some forty; custom ones are target URLs.
  providers: { countMax: 50, charsMax: 256 },
  // HTTP knows about 60 codes, providers and we add a few.
  statusesMax: 100,
  // Keys are names in a program, so they are few; values may be unique per call, and those are better asked of the rows.
  propertyKeys: { countMax: 100, charsMax: 256 },
  propertyValues: { countMax: 100, charsMax: 256 },
  // As many as the path tree shows.
  paths: { countMax: 1_000, charsMax: 1_024 },
  // What people compare sessions by is how they begin: a flow shows 32 positions at most. 128 steps take 1 to 1.5 kB.
  stepsMax: 128,
  // Named by whoever evaluates sessions: a handful. Those beyond are not kept, which the API refuses before.
  scores: { countMax: 100, charsMax: 256 },
  // Shown, not filtered by: longer than any header value that Node accepts by default is cut.
  latestNameCharsMax: 16_384,
  // A retry comes within seconds: 10,000 later requests of the same session are far beyond that, and cost 200 kB.
  chosenIdsMax: 10_000,
};
