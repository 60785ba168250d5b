/** An error as ClickHouse knows it: a number, its name, and a sentence. */
export class ServerException extends Error {
  readonly code: number;
  /** E.g. `UNKNOWN_TABLE`. */
  readonly type: string;

  constructor(code: number, type: string, message: string) {
    super(message);
    this.name = 'ServerException';
    this.code = code;
    this.type = type;
  }
}

/** Whatever the engine in process threw → what a server would answer. */
export function toException(error: unknown): ServerException {
  if (error instanceof ServerException) return error;
  const text = error instanceof Error ? error.message : String(error);
  const match = /^Code: (\d+)\. DB::Exception: ([\s\S]*?)\s*\(([A-Z0-9_]+)\)\s*$/.exec(text);
  // What the engine did not number is a fault of this server: ClickHouse's STD_EXCEPTION.
  if (!match) return new ServerException(1001, 'STD_EXCEPTION', text);
  return new ServerException(Number(match[1]), match[3]!, match[2]!);
}

/** The body of an error's answer, in the form that clients parse. */
export function exceptionText({ code, type, message }: ServerException, version: string): string {
  return `Code: ${code}. DB::Exception: ${message} (${type}) (version ${version} (official build))\n`;
}

/** The HTTP status that a server gives an error. What is in no list is 500. */
export function httpStatus({ type }: ServerException): number {
  return STATUS.get(type) ?? 500;
}

const BY_STATUS: Readonly<Record<number, string>> = {
  400: `BAD_ARGUMENTS CANNOT_COMPILE_REGEXP CANNOT_PARSE_TEXT CANNOT_PARSE_ESCAPE_SEQUENCE CANNOT_PARSE_QUOTED_STRING
    CANNOT_PARSE_DATE CANNOT_PARSE_DATETIME CANNOT_PARSE_NUMBER CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING CANNOT_PARSE_IPV4
    CANNOT_PARSE_IPV6 CANNOT_PARSE_INPUT_ASSERTION_FAILED CANNOT_PARSE_UUID DUPLICATE_COLUMN ILLEGAL_COLUMN
    THERE_IS_NO_COLUMN UNKNOWN_ELEMENT_IN_AST UNKNOWN_TYPE_OF_AST_NODE TOO_DEEP_AST TOO_BIG_AST UNEXPECTED_AST_STRUCTURE
    SYNTAX_ERROR INCORRECT_DATA TYPE_MISMATCH VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE`,
  401: 'REQUIRED_PASSWORD',
  403: 'UNKNOWN_USER WRONG_PASSWORD AUTHENTICATION_FAILED SET_NON_GRANTED_ROLE ACCESS_DENIED',
  404: `UNKNOWN_TABLE UNKNOWN_FUNCTION UNKNOWN_IDENTIFIER UNKNOWN_TYPE UNKNOWN_STORAGE UNKNOWN_DATABASE UNKNOWN_SETTING
    UNKNOWN_DIRECTION_OF_SORTING UNKNOWN_AGGREGATE_FUNCTION UNKNOWN_FORMAT UNKNOWN_DATABASE_ENGINE UNKNOWN_TYPE_OF_QUERY
    UNKNOWN_ROLE`,
  408: 'TIMEOUT_EXCEEDED',
  411: 'HTTP_LENGTH_REQUIRED',
  413: 'QUERY_IS_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  501: 'NOT_IMPLEMENTED',
  503: 'SOCKET_TIMEOUT CANNOT_OPEN_FILE CANNOT_SCHEDULE_TASK',
};

const STATUS = new Map(
  Object.entries(BY_STATUS).flatMap(([status, types]) => types.split(/\s+/).map((type) => [type, Number(status)])),
);
