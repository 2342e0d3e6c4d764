import type { Severity } from '../../findings/index.ts';
import type { PathClassifier } from '../../policy/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import type { ControlClass } from '../control-class.ts';
import type { ControlChange, Direction } from '../model.ts';

type Classes = ReadonlyMap<string, ControlClass>;

interface Seen {
  readonly control: string;
  readonly direction: Direction;
  readonly severity?: Severity;
  readonly message: string;
}

const MEDIA =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|woff2?|ttf|otf|eot|mp[34]|m4a|webm|og[gv]|wav|flac|mov|pdf|icns|psd|g?mo)$/i;
const PROGRAM =
  /\.(?:exe|dll|so(?:\.\d+)*|dylib|wasm|jar|class|pyc|pyd|node|o|a|bin|dat|xz|gz|zip|tar|tgz|7z|bz2|lzma|whl|deb|rpm|apk|msi|com|scr)$/i;

/** What the entries of a tree tell without their text: links, modes, submodules, binaries, files that run by themselves. */
export function compareEntries(
  change: TreeChange,
  classify: PathClassifier,
  classes: Classes,
): readonly ControlChange[] {
  const seen = [
    ...links(change),
    ...modes(change),
    ...modules(change),
    ...binaries(change),
    ...executions(change, classify),
    ...pipelines(change, classify),
  ];
  return seen.flatMap((one) => {
    const row = classes.get(one.control);
    return row === undefined ? [] : [toChange(change, one, row)];
  });
}

function toChange({ path, previousPath, before, after }: TreeChange, seen: Seen, row: ControlClass): ControlChange {
  const top = (file: string): Place => ({ file, span: { start: 0, end: 0 } });
  return {
    control: row.id,
    group: row.group,
    direction: seen.direction,
    severity: seen.severity ?? row.severity,
    confidence: 'high',
    message: seen.message,
    scope: '',
    before: before && top(previousPath ?? path),
    after: after && top(path),
    subject: path,
    meta: row.meta,
  };
}

function links({ path, before, after }: TreeChange): readonly Seen[] {
  if (after?.kind !== 'link') return [];
  const from = before === undefined ? 'is new' : before.kind === 'link' ? `pointed to ${before.target}` : 'was a file';
  const direction = before === undefined ? 'added-capability' : 'weakened';
  const where = after.leaves ? 'out of the repository' : 'to another place of it';
  const severity = after.leaves ? 'high' : before?.kind === 'file' ? 'medium' : 'low';
  return [
    {
      control: 'link-changed',
      direction,
      severity,
      message: `The link ${path} leads ${where}, to ${after.target} (it ${from})`,
    },
  ];
}

function modes({ path, before, after }: TreeChange): readonly Seen[] {
  if (after?.kind !== 'file' || !after.executable) return [];
  if (before?.kind === 'file' && before.executable) return [];
  const direction = before === undefined ? 'added-capability' : 'weakened';
  const severity = before === undefined ? 'low' : 'medium';
  return [{ control: 'mode-executable', direction, severity, message: `${path} can be run as a program now` }];
}

function modules({ path, before, after }: TreeChange): readonly Seen[] {
  if (after?.kind !== 'submodule' || (before?.kind === 'submodule' && before.id === after.id)) return [];
  const moved = before?.kind === 'submodule';
  const message = moved
    ? `The submodule ${path} stands at another commit, ${after.id?.slice(0, 12) ?? 'unknown'}`
    : `${path} is a submodule now: its files come from another repository`;
  return [
    {
      control: 'submodule-moved',
      direction: moved ? 'changed' : 'added-capability',
      severity: moved ? 'medium' : 'high',
      message,
    },
  ];
}

function binaries({ path, kind, new: now, old }: TreeChange): readonly Seen[] {
  if (now === undefined || 'text' in now || kind === 'mode' || kind === 'renamed') return [];
  const isNew = old === undefined;
  const severity: Severity = PROGRAM.test(path) ? 'high' : MEDIA.test(path) ? 'info' : 'medium';
  const message = `${path} holds bytes that nobody can review${isNew ? '' : ', and they changed'} (${now.message})`;
  return [{ control: 'binary-changed', direction: isNew ? 'added-capability' : 'changed', severity, message }];
}

/** Programs beside an agent's settings, which its hooks run. */
const AGENT_PROGRAM = /(?:^|\/)[^./]+$|\.(?:sh|bash|zsh|py|[cm]?[jt]s|rb|pl|ps1|bat|cmd)$/i;
/** Every project has some: new ones are worth a look, not an alarm. */
const USUAL =
  /(?:^|\/)(?:conftest\.py|\.vscode\/(?:settings|extensions)\.json|gradle-wrapper\.properties|\.editorconfig)$/;

/** Data of tests and samples: nothing runs them where they stand. */
const SAMPLE = /(?:^|\/)(?:__fixtures__|fixtures?|test-?data|samples?|examples?)\//i;

/** Only newer versions of the same tools. */
function isBump({ path, old, new: now }: TreeChange): boolean {
  if (!/(?:^|\/)\.pre-commit-config\.ya?ml$/.test(path) || !old || !now || !('text' in old) || !('text' in now))
    return false;
  const withoutVersions = (text: string): string => text.replace(/^([ \t]{0,40}(?:- )?rev:)[^\n]*$/gm, '$1');
  return withoutVersions(old.text) === withoutVersions(now.text);
}

function executions(change: TreeChange, classify: PathClassifier): readonly Seen[] {
  const { path, kind, after } = change;
  const { class: name, reason } = classify(path);
  const isProgram =
    name === 'execution-bearing' ||
    name === 'git-internals' ||
    (name === 'agent-config' && after?.kind === 'file' && AGENT_PROGRAM.test(path));
  if (!isProgram || after === undefined || /(?:^|\/)\.git(?:attributes|modules)$/.test(path)) return [];
  const isNew = kind === 'added' || kind === 'renamed';
  const usual: Severity = isBump(change) ? 'low' : 'medium';
  const severity =
    isNew && !USUAL.test(path) && !SAMPLE.test(path) ? (name === 'git-internals' ? 'critical' : 'high') : usual;
  const message = `${path} ${isNew ? 'is new' : 'changed'}: ${reason}`;
  return [{ control: 'execution-file-changed', direction: isNew ? 'added-capability' : 'changed', severity, message }];
}

/** Files of the systems whose pipelines are compared, and what else belongs to CI and has a comparison of its own. */
const READ_PIPELINES =
  /^\.github\/(?!scripts\/)|(?:^|\/)action\.ya?ml$|\.gitlab-ci[\w.-]*\.ya?ml$|^\.gitlab\/|jenkinsfile|azure-pipelines|^\.azure|CODEOWNERS$|dockerfile|(?:^|\/)makefile$|\.(?:sh|bash|[cm]?[jt]sx?|py|go|java|tf|md|rst|adoc)$/i;

/** A pipeline of a system that nothing here reads: that it changed is all that can be said. */
function pipelines({ path, kind, after, before }: TreeChange, classify: PathClassifier): readonly Seen[] {
  if (classify(path).class !== 'ci' || READ_PIPELINES.test(path) || kind === 'renamed') return [];
  const message = `${path} is ${after === undefined ? 'gone' : before === undefined ? 'new' : 'changed'}: it belongs to a pipeline and its meaning is not compared`;
  return [{ control: 'pipeline-file-unread', direction: after === undefined ? 'weakened' : 'changed', message }];
}

/** Below it a person looks through the lines. */
const MANY_SNAPSHOTS = 5;
const MANY_LINES = 300;
const SNAPSHOT =
  /(?:^|\/)(?:__snapshots__|__image_snapshots__|snapshots|golden)\/|\.snap$|\.ambr$|\.golden$|\.approved\.\w+$/i;

/** Expectations that a program rewrote in one go. */
export function compareSnapshots(changes: readonly TreeChange[], classes: Classes): readonly ControlChange[] {
  const rewritten = changes.filter(({ path, kind }) => kind === 'modified' && SNAPSHOT.test(path));
  const lines = rewritten.reduce(
    (sum, { hunks }) => sum + hunks.reduce((count, { added, removed }) => count + Math.max(added, removed), 0),
    0,
  );
  const [first] = rewritten;
  const row = classes.get('snapshots-rewritten');
  if (!first || !row || (rewritten.length < MANY_SNAPSHOTS && lines < MANY_LINES)) return [];
  const message = `${rewritten.length} snapshot files were rewritten (${lines} lines): what they say now is what the program did, not what it should do`;
  return [toChange(first, { control: row.id, direction: 'changed', message }, row)];
}
