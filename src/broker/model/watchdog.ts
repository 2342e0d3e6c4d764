/** Aborts what makes no progress. Progress is what the caller says it is: a whole event, not a byte. */
export class Watchdog implements Disposable {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout;
  #expired = false;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when time ran out, false when someone called `abort`. */
  get expired(): boolean {
    return this.#expired;
  }

  progress(): void {
    this.#timer.refresh();
  }

  abort(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#expired = true;
      this.#controller.abort();
    }, this.#milliseconds);
  }
}
