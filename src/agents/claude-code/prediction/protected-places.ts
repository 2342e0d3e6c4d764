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

/** @param path absolute. */
export function isProtected(path: string): boolean {
  const folded = `${path.toLowerCase()}/`;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return FILES.has(name) || FOLDERS.some((folder) => folded.replaceAll(FREE, '/').includes(`/${folder}/`));
}
