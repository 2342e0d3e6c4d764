import type { DockerInstruction, Place, ScriptCommand, ScriptExpansion, SourceFile, Span } from '../../syntax/index.ts';

/** A command of a recipe, with the wrappers (`sudo`, `env`, `timeout 5`) taken off. */
export interface RecipeCommand {
  /** Name of the program without its folder; empty where it is not known or the command only assigns. */
  readonly program: string;
  readonly arguments: readonly RecipeWord[];
  /** The arguments as one text, quotes removed, with what only the running shell knows as spelled: `-k $URL`. */
  readonly line: string;
  readonly command: ScriptCommand;
  /** The whole of it as written, here-documents included. */
  readonly text: string;
  /** The script that it is part of: pipelines and variables are those of one script. */
  readonly script: number;
  readonly place: Place;
}

/** An argument as the shell sees it. */
export interface RecipeWord {
  /** Quotes removed; variables as spelled. */
  readonly text: string;
  /** When every part is known. */
  readonly literal: string | undefined;
  readonly pieces: readonly (string | undefined)[];
  readonly expansions: readonly ScriptExpansion[];
  /** As written. */
  readonly source: string;
}

/** What tells a machine which commands to run: a shell script, a Makefile, or a Dockerfile. */
export interface Recipe {
  readonly kind: 'shell' | 'dockerfile' | 'makefile';
  readonly file: SourceFile;
  readonly commands: readonly RecipeCommand[];
  /** Of a Dockerfile. */
  readonly instructions: readonly DockerInstruction[];
  at(span: Span): Place;
}
