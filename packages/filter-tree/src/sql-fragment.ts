/** As `QueryParam` of the analytics store, which this package does not depend on. */
export type SqlParam = string | number | boolean | readonly string[] | readonly number[];

/** A piece of SQL with `{name:Type}` placeholders, and a value for each but the tenant's. */
export interface SqlFragment {
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlParam>>;
}

export interface FilterSqlOptions {
  /** Alias of `requests`. Used only where the filter asks for something of a request (`levelsOf`). */
  readonly requestAlias: string;
  /** Alias of `sessions`, likewise. */
  readonly sessionAlias: string;
  /**
   * Alias of a query with a row per user, likewise: `user_id`, `active_days`, `first_active`, `last_active`, `requests`,
   * `prompt_tokens`, `completion_tokens`, `cost`. `u` when not given.
   */
  readonly userAlias?: string;
  /** Begins the name of every placeholder. The same filter gives the same names and values whatever the aliases. */
  readonly paramPrefix: string;
  /**
   * Placeholder of the query around it that holds the tenant, `tenant` when not given: conditions that look into another
   * table (bodies, sets that overflowed) name the tenant there.
   */
  readonly tenantParam?: string;
  /** Epoch ms by which a session is live. Now when not given. */
  readonly nowMs?: number;
  /** The sessions are joined with LEFT JOIN: a request without one makes every condition about sessions false. */
  readonly sessionMayBeMissing?: boolean;
  /**
   * A condition on `request_bodies`, of placeholders of the query around it: bodies of other requests are not looked at.
   * Right where every request that makes the filter true is of those, and needs its own bodies for it (`bodyHitsSql`).
   */
  readonly bodiesAmong?: string;
}

/** What the SQL of a condition is written with. */
export class SqlWriter {
  readonly r: string;
  readonly s: string;
  readonly u: string;
  readonly tenant: string;
  readonly nowMs: number;
  readonly bodiesAmong: string | undefined;
  readonly params: Record<string, SqlParam> = {};
  /** Conditions so far that look into another table. */
  lookups = 0;
  readonly #prefix: string;
  #next = 0;

  constructor(options: FilterSqlOptions) {
    this.r = options.requestAlias;
    this.s = options.sessionAlias;
    this.u = options.userAlias ?? 'u';
    this.tenant = `{${options.tenantParam ?? 'tenant'}:String}`;
    this.nowMs = options.nowMs ?? Date.now();
    this.bodiesAmong = options.bodiesAmong;
    this.#prefix = options.paramPrefix;
  }

  /** A placeholder for a value: no value ever becomes SQL by hand. */
  param(type: string, value: SqlParam): string {
    const name = `${this.#prefix}${this.#next++}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}
