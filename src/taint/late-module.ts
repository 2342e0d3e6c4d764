import type { CodeLanguage, Module, Statement } from '../code/index.ts';
import type { Gap, SourceFile } from '../syntax/index.ts';

/** A file that is lowered when somebody asks what stands in it: of what files import, much is never run. */
export class LateModule implements Module {
  readonly file: SourceFile;
  readonly language: CodeLanguage;
  readonly #lower: () => Module;
  #lowered: Module | undefined;

  /** @param lower asked once, and not for a file that nobody looks into */
  constructor(file: SourceFile, language: CodeLanguage, lower: () => Module) {
    this.file = file;
    this.language = language;
    this.#lower = lower;
  }

  get body(): readonly Statement[] {
    return this.#whole().body;
  }

  get gaps(): readonly Gap[] {
    return this.#whole().gaps;
  }

  #whole(): Module {
    this.#lowered ??= this.#lower();
    return this.#lowered;
  }
}
