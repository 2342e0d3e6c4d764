import { packageOf, runnerOf } from '../server-origin.ts';
import type { CommandRisk } from './command-risk.ts';
import type { CommandView } from './command-view.ts';
import { INTERPRETERS, SHELLS } from './programs.ts';

const INSTALLERS = /^(pip3?|pipx|uv|npm|pnpm|yarn|bun|gem|cargo|go|python3?|brew|poetry)$/;
const PLAIN_ADDRESS = /^(--?[\w-]{1,40}=)?http:\/\/(?!localhost|127\.)/;
const SOURCE_OPTION = /^(-i|--index-url|--extra-index-url|--registry|--source|--find-links|-f)(=|$)/;
const GO_SWITCHES = /^(GOINSECURE|GONOSUMCHECK|GONOSUMDB|GONOSUMVERIFY)$/;

/** Where the code that a command runs comes from. */
export function assessSupply(views: readonly CommandView[]): readonly CommandRisk[] {
  return views.flatMap((view) => [...unpinned(view), ...installs(view), ...sources(view), ...treeScript(view)]);
}

function unpinned(view: CommandView): readonly CommandRisk[] {
  const words = view.words.map((word) => word.text);
  const runner = runnerOf([view.program, ...words.slice(1)]);
  if (runner === undefined) return [];
  const origin = packageOf(runner, words.slice(runner.words.length));
  if (origin.pinned || origin.kind === 'local' || origin.kind === 'unknown') return [];
  return [
    {
      kind: 'unpinned-runner',
      what: `fetches and runs the newest ${origin.name} with ${runner.words.join(' ')}`,
      span: view.span,
    },
  ];
}

const INSTALLS = /^(npm|pnpm|yarn|bun|pip3?|uv|poetry|gem|bundle|cargo|go|composer|brew|apt|apt-get|apk|dnf)$/;

function installs(view: CommandView): readonly CommandRisk[] {
  const verb = view.words[1]?.text ?? '';
  const bare = view.program === 'yarn' && view.words.length === 1;
  if (!INSTALLS.test(view.program) || !(bare || /^(install|i|ci|add|sync|get|clean-install)$/.test(verb))) return [];
  return [{ kind: 'install', what: `installs packages with ${view.program}`, span: view.span }];
}

function sources(view: CommandView): readonly CommandRisk[] {
  const found = (what: string): readonly CommandRisk[] => [{ kind: 'untrusted-source', what, span: view.span }];
  const assigned = view.command.assignments.map(({ name, value }) => ({
    name,
    text: value?.literal ?? value?.source ?? '',
  }));
  if (
    assigned.some(
      ({ name, text }) =>
        (GO_SWITCHES.test(name) && text !== '') ||
        (name === 'GOSUMDB' && text === 'off') ||
        (name === 'GOFLAGS' && text.includes('-insecure')),
    )
  ) {
    return found('switches off the check of what it downloads');
  }
  const args = view.words.slice(1).map((word) => word.text);
  if (view.program === 'export' && args.some((word) => /^GO(INSECURE|NOSUM\w{0,10})=./.test(word)))
    return found('switches off the check of what it downloads');
  if (!INSTALLERS.test(view.program)) return [];
  if (args.includes('--trusted-host') || args.some((word) => /^-insecure$|=-insecure$/.test(word)))
    return found('switches off the check of its package source');
  const fetches = args.some((word) => /^(install|i|add|get|download|sync)$/.test(word));
  if (!fetches) return [];
  const option = args.some(
    (word, index) =>
      (SOURCE_OPTION.test(word) && PLAIN_ADDRESS.test(word)) ||
      (SOURCE_OPTION.test(args[index - 1] ?? '') && PLAIN_ADDRESS.test(word)),
  );
  if (option) return found('installs packages over a connection that anybody on the way can change');
  return args.some((word) => /^(git\+https?:|git:|git\+ssh:|git\+git:)/.test(word) && !/[@#][0-9a-f]{40}$/.test(word))
    ? found('installs a package from a repository without naming a commit')
    : [];
}

/** The command is a file of the tree: whoever changes the tree changes what runs. */
function treeScript(view: CommandView): readonly CommandRisk[] {
  const first = view.words[0];
  const script = INTERPRETERS.has(view.program)
    ? view.words.slice(1).find((word) => !word.text.startsWith('-'))
    : first;
  if (script === undefined || (SHELLS.has(view.program) && view.words.some((word) => /^-[a-z]{0,6}c$/.test(word.text))))
    return [];
  if (view.words.some((word) => /^(-e|-c|--eval)$/.test(word.text))) return [];
  const path = script.text.replace(
    /^"?\$\{?(CLAUDE_PROJECT_DIR|CLAUDE_PLUGIN_ROOT|GEMINI_PROJECT_DIR|PWD)\}?"?\//,
    './',
  );
  const local =
    /^\.{1,2}\/|^\.[\w-]{1,40}\//.test(path) ||
    (/^[\w-][\w./-]{0,200}\.(sh|m?js|cjs|ts|py|rb|pl)$/.test(path) && !path.startsWith('/'));
  return local ? [{ kind: 'tree-script', what: `runs ${path}, a file of the tree`, span: script.span }] : [];
}
