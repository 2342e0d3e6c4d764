import { normalisePath } from '../../policy/index.ts';
import type { Place, Readers, ScalarNode, SourceTree, Span } from '../../syntax/index.ts';
import { assessCommand } from './command/assess-command.ts';
import type { AgentConfiguration, LocatedRisk } from './configuration.ts';

/** Followed scripts of one configuration file: enough for any honest one. */
const MOST_SCRIPTS = 50;
const SHELL_SCRIPT = /\.(sh|bash|zsh)$|^#!.{0,80}\b(ba|z|da|k)?sh\b/;
const PROJECT_ROOT = /^["']?\$\{?(CLAUDE_PROJECT_DIR|GEMINI_PROJECT_DIR|PWD)\}?["']?\//;

/** Reads the commands of one configuration, and the shell scripts of the tree that they start. */
export class CommandReading {
  readonly #tree: SourceTree;
  readonly #readers: Readers;
  readonly #file: string;
  #scripts = 0;

  constructor(tree: SourceTree, readers: Readers, file: string) {
    this.#tree = tree;
    this.#readers = readers;
    this.#file = file;
  }

  /** The same configuration with the risks of all its commands. */
  assess(configuration: AgentConfiguration): AgentConfiguration {
    return {
      ...configuration,
      hooks: configuration.hooks.map((hook) =>
        hook.type === 'command' || hook.type === 'unknown'
          ? { ...hook, risks: this.#risksOf(hook.command, hook.place, hook.scalar) }
          : hook,
      ),
      helpers: configuration.helpers.map((helper) => ({
        ...helper,
        risks: this.#risksOf(helper.command, helper.place),
      })),
      servers: configuration.servers.map((server) => ({
        ...server,
        risks: this.#risksOf(quoteWords(server.command), server.place),
      })),
      inlineCommands: configuration.inlineCommands.map((one) => ({
        ...one,
        risks: this.#risksOf(one.command, one.place),
      })),
    };
  }

  #risksOf(command: string, place: Place, scalar?: ScalarNode): readonly LocatedRisk[] {
    const risks = assessCommand(command, this.#readers);
    return risks.flatMap((risk) => [
      { kind: risk.kind, what: risk.what, place: placeOf(this.#file, scalar, risk.span) ?? place, via: undefined },
      ...(risk.kind === 'tree-script' ? this.#insideScript(command.slice(risk.span.start, risk.span.end)) : []),
    ]);
  }

  /** The risks of a script of the tree, placed in the script. Its own scripts are not followed. */
  #insideScript(word: string): readonly LocatedRisk[] {
    if (this.#scripts++ >= MOST_SCRIPTS) return [];
    const written = word
      .replace(PROJECT_ROOT, '')
      .replace(/^["']|["']$/g, '')
      .replace(/^\$\{?CLAUDE_PLUGIN_ROOT\}?["']?\//, pluginRoot(this.#file));
    const path = normalisePath(written);
    const file = this.#tree.read(path);
    if (
      file === undefined ||
      'kind' in file ||
      (!SHELL_SCRIPT.test(path) && !SHELL_SCRIPT.test(file.text.slice(0, 100)))
    )
      return [];
    return assessCommand(file.text, this.#readers)
      .filter((risk) => risk.kind !== 'tree-script')
      .map((risk) => ({ kind: risk.kind, what: risk.what, place: { file: path, span: risk.span }, via: path }));
  }
}

function placeOf(file: string, scalar: ScalarNode | undefined, { start, end }: Span): Place | undefined {
  return scalar && { file, span: { start: scalar.offsetOf(start), end: scalar.offsetOf(end) } };
}

/** A plugin's folder: the one above `hooks/` or `.claude-plugin/`. */
function pluginRoot(file: string): string {
  const match = /^(.{0,400}\/)?(?:hooks|\.claude-plugin)\//.exec(file);
  return match?.[1] ?? '';
}

/** A command that is a list of words, as one line that a shell would read the same way. */
function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
