/** What a path of the machine gives to whoever sees it. */
export interface MountDanger {
  readonly kind: 'engine' | 'credentials' | 'home' | 'machine';
  readonly what: string;
}

interface MountRow extends MountDanger {
  readonly path: RegExp;
}

/** A home directory, in the spellings of compose files, pipelines and dev containers. */
const HOME = String.raw`(?:~|\$HOME|\$\{HOME(?:[:?-][^}]*)?\}|\$\{localEnv:(?:HOME|USERPROFILE)\}[^/]*|/root|/home/[^/]+|/Users/[^/]+)`;

/** Paths and what they hold. The first row wins. */
const ROWS: readonly MountRow[] = [
  {
    path: /(?:docker|containerd|podman|crio|buildkitd)(?:\/[a-z]+)?\.sock$/,
    kind: 'engine',
    what: 'the socket of the container engine: whoever can write to it owns the machine',
  },
  {
    path: new RegExp(
      `^${HOME}/\\.(?:ssh|aws|azure|kube|gnupg|docker|claude|codex|gemini|cursor|netrc|npmrc|pypirc|git-credentials|claude\\.json|config/(?:gh|gcloud|git|claude|opencode|github-copilot|glab-cli|rclone)|local/share/opencode)(?:/.*)?$`,
    ),
    kind: 'credentials',
    what: 'logins of a person',
  },
  { path: /\/(?:\.ssh|\.aws|\.kube|\.gnupg|\.docker)(?:\/.*)?$/, kind: 'credentials', what: 'logins' },
  { path: /^\/(?:var\/)?run\/secrets(?:\/.*)?$/, kind: 'credentials', what: 'tokens of the machine' },
  {
    path: /^\/etc\/kubernetes(?:\/.*)?$|^\/var\/lib\/kubelet(?:\/.*)?$/,
    kind: 'credentials',
    what: 'the credentials of the node',
  },
  { path: new RegExp(`^${HOME}/?$`), kind: 'home', what: 'a whole home directory' },
  { path: /^\/(?:home|Users)\/?$/, kind: 'home', what: 'every home directory' },
  {
    path: /^\/(?:etc|proc|sys|dev|boot|var|var\/run|run|var\/lib|var\/lib\/docker|var\/log|usr|bin|sbin|lib|mnt)?\/?$/,
    kind: 'machine',
    what: 'files of the machine itself',
  },
];

/** What is dangerous about mounting this path of the machine; `undefined` for a directory of the project. */
export function mountDanger(source: string): MountDanger | undefined {
  const path = source.replaceAll('\\', '/');
  const row = ROWS.find(({ path: pattern }) => pattern.test(path));
  return row && { kind: row.kind, what: row.what };
}
