import type { LedgerEvent } from '../ledger/index.ts';
import { escapeTerminal } from '../text/index.ts';
import type { ActivityMeter } from './activity.ts';
import { formatCount, formatDuration } from './report/index.ts';

export interface ProgressSink {
  readonly write: (text: string) => void;
  readonly columns: number;
}

/** How often the line is drawn at most; drawing on each record would slow a busy run. */
const REDRAW_MILLISECONDS = 120;

/** One line on a terminal that says what the agent is doing now, what was denied, tokens and time. */
export class Progress {
  readonly #sink: ProgressSink | undefined;
  readonly #meter: ActivityMeter;
  readonly #now: () => number;
  readonly #started: number;
  #drawn = 0;
  #stage = 'preparing';
  #visible = false;

  constructor(sink: ProgressSink | undefined, meter: ActivityMeter, now: () => number) {
    this.#sink = sink;
    this.#meter = meter;
    this.#now = now;
    this.#started = now();
  }

  stage(name: string): void {
    this.#stage = name;
    this.#draw(true);
  }

  observe(event: LedgerEvent): void {
    // A snapshot copies every call so far: not for nobody.
    if (!this.#sink) return;
    if (event.kind === 'tool.call') {
      const last = this.#meter.snapshot().tools.at(-1);
      if (last) this.#stage = `${last.verdict === 'allow' ? '' : 'denied '}${last.tool}: ${last.summary}`;
    }
    this.#draw(false);
  }

  /** Removes the line, so that other output starts on a clean one. */
  clear(): void {
    if (this.#visible) this.#sink?.write('\r\u001b[2K');
    this.#visible = false;
  }

  #draw(now: boolean): void {
    if (!this.#sink) return;
    const time = this.#now();
    if (!now && time - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = time;
    const { tools, model, refusedConnections } = this.#meter.snapshot();
    const denied = tools.filter((tool) => tool.verdict !== 'allow').length + refusedConnections.length;
    const tokens = model.inputTokens + model.outputTokens + model.cacheTokens;
    const sums = `${formatDuration(time - this.#started)} · ${formatCount(denied, 'denied', 'denied')} · ${formatCount(tokens, 'token')}`;
    const stage = escapeTerminal(this.#stage).replaceAll(/\s+/g, ' ');
    const room = Math.max(10, this.#sink.columns - sums.length - 6);
    this.#sink.write(`\r\u001b[2K▸ ${sums} · ${stage.slice(0, room)}`);
    this.#visible = true;
  }
}
