/** A secret whose value is known to the run: it must not pass in any direction, plain or encoded. */
export interface KnownSecret {
  /** How it is named in reports, for example `ANTHROPIC_API_KEY`. Never the value. */
  readonly name: string;
  readonly value: string;
}

/** One occurrence of a known secret. Offsets are bytes into what was scanned. */
export interface SecretHit {
  readonly name: string;
  /** `plain`, `base64`, `hex`, `url`, `reversed`, … */
  readonly encoding: string;
  readonly start: number;
  readonly end: number;
}

/** Finds known secrets in every reversible encoding (reference: incidents §2.5). */
export interface SecretSentinel {
  find(bytes: Uint8Array): readonly SecretHit[];
  /**
   * The same but for alphabets of a sender's own, which take most of the time: for what comes from somebody who cannot
   * mean to smuggle a secret in, such as the provider that may echo it.
   */
  findEncoded(bytes: Uint8Array): readonly SecretHit[];
  /** The same bytes with each hit replaced by `[redacted:NAME]`. */
  redact(bytes: Uint8Array): { readonly bytes: Buffer; readonly hits: readonly SecretHit[] };
  redactText(text: string): string;
  /** A redactor for bytes that arrive in pieces: a secret split over chunks is still found. */
  stream(): RedactingStream;
}

export interface RedactingStream {
  /** Returns the bytes that are certainly clean; holds back what may be the start of a secret. */
  push(chunk: Uint8Array): { readonly bytes: Buffer; readonly hits: readonly SecretHit[] };
  /** For a stream that fell silent: lets go what is held when it is too little of a secret to matter. */
  flush(): { readonly bytes: Buffer; readonly hits: readonly SecretHit[] };
  end(): { readonly bytes: Buffer; readonly hits: readonly SecretHit[] };
}
