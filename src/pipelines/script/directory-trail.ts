import type { ScriptCommand } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';
import type { CommandLine } from './command-line.ts';
import { type Bases, treePathOf } from './tree-path.ts';

/** Where each command of a script runs, as `cd` and `pushd` say. A subshell forgets its directory at its end. */
export class DirectoryTrail {
  readonly #trail: { readonly depth: number; readonly directory: string | undefined }[];

  constructor(directory: string) {
    this.#trail = [{ depth: 0, directory }];
  }

  /** The directory of a command; undefined when it is not in the tree or not known. */
  enter(command: ScriptCommand): string | undefined {
    const depth = depthOf(command);
    while (this.#trail.length > 1 && (this.#trail.at(-1)?.depth ?? 0) > depth) this.#trail.pop();
    return this.#trail.at(-1)?.directory;
  }

  follow(line: CommandLine, text: TemplateText, bases: Bases): void {
    if (!['cd', 'pushd', 'chdir', 'Set-Location', 'Push-Location', 'sl', 'popd'].includes(line.program ?? '')) return;
    const depth = depthOf(line.command);
    if (line.program === 'popd') {
      if (this.#trail.length > 1) this.#trail.pop();
      return;
    }
    const [target] = line.operands;
    const root = this.#trail[0]?.directory;
    if (target?.literal === '-') this.#trail.push({ depth, directory: root });
    else this.#trail.push({ depth, directory: target && treePathOf(target, text, bases) });
  }
}

function depthOf({ nesting }: ScriptCommand): number {
  return nesting.filter((kind) => kind === 'subshell' || kind === 'substitution' || kind === 'text').length;
}
