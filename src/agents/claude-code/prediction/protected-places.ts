/**
 * Places that the CLI asks about whatever the rules say, outside of `bypassPermissions` (reference: agents §2.4.7): at any
 * depth, in any case. CI files and instruction files are not among them.
 */
const FOLDERS: readonly string[] = [
  '.git',
  '.config/git',
  '.vscode',
  '.idea',
  '.husky',
  '.cargo',
  '.devcontainer',
  '.yarn',
  '.mvn',
  '.claude',
];

const FILES: ReadonlySet<string> = new Set(
  `.gitconfig .gitmodules .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .zshrc .zshenv .zprofile .zlogin
  .zlogout .profile .envrc .npmrc .yarnrc .yarnrc.yml .pnp.cjs .pnp.loader.mjs .pnpmfile.cjs bunfig.toml .bunfig.toml
  .bazelrc .bazelversion .bazeliskrc .pre-commit-config.yaml lefthook.yml lefthook.yaml .lefthook.yml .lefthook.yaml
  gradle-wrapper.properties maven-wrapper.properties .devcontainer.json .ripgreprc pyrightconfig.json .mcp.json
  .claude.json`.split(/\s+/),
);

/** Worktrees that the CLI makes itself. */
const FREE = '/.claude/worktrees/';

/** Characters that some file systems leave out of names. */
const IGNORABLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/g;
/** A stream of NTFS behind a name. */
const STREAM = /:[^/]*/g;

/** @param path absolute. */
export function isProtected(path: string): boolean {
  const folded = path.toLowerCase().replace(IGNORABLE, '').replace(STREAM, '');
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  return FILES.has(name) || FOLDERS.some((folder) => `${folded}/`.replaceAll(FREE, '/').includes(`/${folder}/`));
}
