import { entriesOf, nodeAt, type Place, type Readers, type SourceFile, scalarAt } from '../../syntax/index.ts';
import type { SheetBuilder } from '../configuration/index.ts';

/** Programs that scripts, hooks and pipelines call by their bare name. */
const KNOWN = new Set(
  `node nodejs npm npx pnpm pnpx yarn bun bunx deno corepack tsc tsx eslint prettier biome jest vitest mocha git gh glab hg svn
  ssh scp sftp rsync curl wget nc gpg openssl sh bash zsh dash ksh fish pwsh powershell cmd sudo su env which echo printf cat
  cp mv rm ls ln mkdir chmod chown find xargs grep egrep sed awk sort head tail tee test true false kill sleep date tar gzip
  unzip make cmake ninja gcc cc clang ld python python2 python3 pip pip3 pipx uv uvx poetry tox nox pytest ruff mypy black ruby
  gem bundle rake php composer perl java javac mvn gradle go gofmt cargo rustc rustup dotnet nuget docker podman buildah kubectl
  helm terraform tofu ansible aws az gcloud vault op semgrep trivy grype gitleaks snyk bandit checkov cosign actionlint zizmor
  jq yq vi vim nano code claude codex gemini copilot cursor aider opencode`.split(/\s+/),
);

/** Where other manifests name the programs that a package installs. Group `name`; every part is bounded. */
const ROWS: readonly { readonly files: RegExp; readonly pattern: RegExp }[] = [
  {
    files: /(?:^|\/)setup\.(?:cfg|py)$/,
    pattern: /^[ \t]{0,20}["']?(?<name>[\w.-]{1,60})[ \t]{0,4}=[ \t]{0,4}[\w.]{1,100}:\w{1,60}/gm,
  },
  {
    files: /(?:^|\/)Cargo\.toml$/,
    pattern:
      /^\[\[bin\]\][ \t]{0,10}\n(?:[^[\n][^\n]{0,200}\n){0,5}?name[ \t]{0,4}=[ \t]{0,4}"(?<name>[\w.-]{1,60})"/gm,
  },
  { files: /\.gemspec$/, pattern: /\.executables\s{0,4}(?:<<|\+?=)\s{0,4}[[%w(]{0,4}["']?(?<name>[\w.-]{1,60})/g },
];
/** Tables of pyproject.toml that do the same. */
const TABLES = [
  ['project', 'scripts'],
  ['project', 'gui-scripts'],
  ['tool', 'poetry', 'scripts'],
] as const;

/** Programs of a package that take the name of one that everybody calls: whoever installs it runs the package's instead. */
export function addProgramNames(file: SourceFile, readers: Readers, sheet: SheetBuilder): void {
  const add = (name: string, place: Place): void => {
    const program = name.toLowerCase().replace(/\.(?:js|cmd|exe|bat|ps1|sh|py)$/, '');
    if (!KNOWN.has(program)) return;
    sheet.add({ control: 'program-shadowed', scope: '', subject: program, weight: 1, shown: name, value: '', place });
  };
  if (/(?:^|\/)(?:package|composer)\.json$/.test(file.path)) addBin(file, readers, add);
  if (/(?:^|\/)pyproject\.toml$/.test(file.path)) {
    const { root } = readers.toml(file);
    for (const route of TABLES)
      for (const { key, span } of entriesOf(nodeAt(root, ...route))) add(key.text, { file: file.path, span });
  }
  for (const { files, pattern } of ROWS)
    if (files.test(file.path))
      for (const match of file.text.matchAll(pattern))
        add(match.groups?.['name'] ?? '', {
          file: file.path,
          span: { start: match.index, end: match.index + match[0].length },
        });
}

/** `bin` is a map of names (npm), a path that takes the package's name (npm), or a list of files (Composer). */
function addBin(file: SourceFile, readers: Readers, add: (name: string, place: Place) => void): void {
  const { root } = readers.json(file);
  const bin = nodeAt(root, 'bin');
  const placeOf = ({ span }: Pick<Place, 'span'>): Place => ({ file: file.path, span });
  for (const { key, span } of entriesOf(bin)) add(key.text, placeOf({ span }));
  if (bin?.kind === 'scalar') add(scalarAt(root, 'name')?.text.split('/').at(-1) ?? '', placeOf(bin));
  if (bin?.kind === 'list')
    for (const item of bin.items) if (item.kind === 'scalar') add(item.text.split('/').at(-1) ?? '', placeOf(item));
}
