import { countUndecided, escapeCiCommand } from './ci-command.ts';
import { revealHidden } from './hidden.ts';
import type { RedactingStream, SecretSentinel } from './secret.ts';
import { disarmShell } from './shell-characters.ts';

/** Bytes that may still be written; shared by the filters of stdout and stderr. */
export interface OutputBudget {
  remaining: number;
  /** True once output was cut; the line that says so is written once. */
  spent: boolean;
}

/** The line at which a log stands that takes both streams: shared by the filters of stdout and stderr. */
export interface LogLine {
  /** What either stream wrote since the last line break of either, as far as it matters for what follows. */
  text: string;
}

export interface OutputFilterOptions {
  readonly sentinel: SecretSentinel;
  readonly budget: OutputBudget;
  /** Default: nobody else writes to the log. */
  readonly log?: LogLine;
  /** Whether characters of a shell are written as look-alikes too, because a later step may paste the output. */
  readonly disarm?: boolean;
}

/** The agent's output on its way to a log. Each call returns what may be written now. */
export interface OutputFilter {
  push(chunk: Uint8Array): Buffer;
  /** Call when the stream has been silent for a moment: a prompt without line break passes, a begun secret does not. */
  flush(): Buffer;
  end(): Buffer;
}

export function createOutputBudget(limitBytes: number): OutputBudget {
  return { remaining: limitBytes, spent: false };
}

/** For the filters of a log that nobody has written to. */
export function createLogLine(): LogLine {
  return { text: '' };
}

/**
 * Makes output harmless for a CI log and a terminal: CI command syntax inert, terminal escapes gone, hidden characters
 * visible, known secrets redacted, broken UTF-8 replaced, size bounded. Line feed and tab stay; a carriage return
 * becomes a line feed, since some systems read what follows it as a new line.
 */
export function createOutputFilter({
  sentinel,
  budget,
  disarm = false,
  log = createLogLine(),
}: OutputFilterOptions): OutputFilter {
  const plain = new PlainText();
  const redactor: RedactingStream = sentinel.stream();
  const redacted = new TextDecoder('utf-8', { ignoreBOM: true });
  const lines = new InertLines(disarm ? (text) => disarmShell(revealHidden(text)) : revealHidden, log);
  const take = ({ bytes }: ReturnType<RedactingStream['push']>): string => redacted.decode(bytes, { stream: true });
  return {
    push: (chunk) => spend(budget, lines.push(take(redactor.push(Buffer.from(plain.push(chunk)))))),
    flush: () => spend(budget, lines.push(take(redactor.flush())) + lines.flush()),
    end() {
      const text = take(redactor.push(Buffer.from(plain.end()))) + take(redactor.end()) + redacted.decode();
      return spend(budget, lines.push(text) + lines.flush());
    },
  };
}

/** CSI sequences are dropped; of other escapes all but the controls stays, so that nothing can hide what follows. */
const CSI = /\x1b\[[\x20-\x3f]*[\x40-\x7e]/g;
const OPEN_ESCAPE = /\x1b(?:\[[\x20-\x3f]{0,64})?$/;

/** Bytes to text without CSI sequences, lines ended by line feeds. Other controls are shown after the redaction. */
class PlainText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #held = '';
  #afterReturn = false;

  push(chunk: Uint8Array): string {
    return this.#clean(this.#held + this.#decoder.decode(chunk, { stream: true }), false);
  }

  end(): string {
    return this.#clean(this.#held + this.#decoder.decode(), true);
  }

  #clean(input: string, last: boolean): string {
    const open = last ? null : OPEN_ESCAPE.exec(input);
    this.#held = open?.[0] ?? '';
    return this.#breakLines(open ? input.slice(0, open.index) : input).replace(CSI, '');
  }

  /** `\r\n` and a lone `\r` are a line feed each, at once, also when the pair is split over two pieces. */
  #breakLines(text: string): string {
    const input = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#afterReturn = text.endsWith('\r');
    return input.replace(/\r\n?/g, '\n');
  }
}

/** Text to lines in which hidden characters are visible and CI commands inert. */
class InertLines {
  readonly #show: (text: string) => string;
  /** The end of the current line that may still become a command. */
  #held = '';
  /** What of the current line was written already, as far as it matters: blank, or something else. */
  #lineIsBlank = true;
  readonly #log: LogLine;

  constructor(show: (text: string) => string, log: LogLine) {
    this.#show = show;
    this.#log = log;
  }

  push(text: string): string {
    const input = this.#held + text;
    const lineBreak = input.lastIndexOf('\n');
    const undecided = countUndecided(input.slice(lineBreak + 1), this.#lineIsBlank || lineBreak >= 0);
    this.#held = input.slice(input.length - undecided);
    return this.#write(input.slice(0, input.length - undecided));
  }

  /** A begun command that is let go gets a blank behind it, so that what follows cannot complete it. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held === '' ? '' : this.#write(`${held} `);
  }

  #write(text: string): string {
    if (text === '') return '';
    const prefix = this.#lineIsBlank ? '' : '.';
    const inert = continueLine(this.#log, escapeCiCommand(prefix + text).slice(prefix.length));
    const line = text.slice(text.lastIndexOf('\n') + 1);
    this.#lineIsBlank = /^\s*$/.test(line) && (this.#lineIsBlank || text.includes('\n'));
    return this.#show(inert);
  }
}

/** Longest mark of a command, and the blanks and the character before it that tell whether it is one. */
const TAIL = 16;

/**
 * The text as it may follow in a log that both streams write: what the other one began, this one must not complete, and
 * a line that the other one ended has begun anew.
 */
function continueLine(log: LogLine, text: string): string {
  const joined = escapeCiCommand(log.text + text);
  const inert = joined.startsWith(log.text) ? joined.slice(log.text.length) : ` ${text}`;
  const whole = log.text + inert;
  const line = whole.slice(whole.lastIndexOf('\n') + 1).replace(/^\s+/, ' ');
  log.text = line.length > TAIL ? `.${line.slice(-TAIL)}` : line;
  return inert;
}

function spend(budget: OutputBudget, text: string): Buffer {
  if (budget.spent) return Buffer.alloc(0);
  const bytes = Buffer.from(text);
  if (bytes.length <= budget.remaining) {
    budget.remaining -= bytes.length;
    return bytes;
  }
  const kept = wholeCharacters(bytes.subarray(0, budget.remaining));
  budget.remaining = 0;
  budget.spent = true;
  return Buffer.concat([kept, Buffer.from('\n[sallyport: output limit reached, the rest is not shown]\n')]);
}

function wholeCharacters(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  const lead = bytes[end - 1] ?? 0;
  const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return bytes.length - (end - 1) >= size ? bytes : bytes.subarray(0, Math.max(0, end - 1));
}
