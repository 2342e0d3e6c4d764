import type { CredentialClass } from '../effect.ts';
import type { EffectBody, EffectRow } from './effect-row.ts';
import { textOf } from './template-slice.ts';

/** Commands that leave the job with more rights than it had, and the file that then holds the credential. */
const LOGINS: readonly {
  readonly to: CredentialClass;
  readonly program: string | readonly string[];
  readonly words?: string;
  readonly with?: readonly string[];
  readonly file?: string;
  readonly keyless?: true;
}[] = [
  {
    to: 'registry',
    program: ['docker', 'podman', 'buildah', 'skopeo', 'crane', 'oras', 'nerdctl'],
    words: 'login',
    file: '~/.docker/config.json',
  },
  { to: 'registry', program: 'crane', words: 'auth login', file: '~/.docker/config.json' },
  { to: 'registry', program: 'helm', words: 'registry login' },
  { to: 'registry', program: ['npm', 'pnpm', 'yarn'], words: 'login|adduser', file: '~/.npmrc' },
  { to: 'registry', program: 'cargo', words: 'login', file: '~/.cargo/credentials.toml' },
  { to: 'registry', program: 'gem', words: 'signin', file: '~/.gem/credentials' },
  { to: 'registry', program: 'az', words: 'acr login', file: '~/.docker/config.json' },
  { to: 'registry', program: 'gcloud', words: 'auth configure-docker', file: '~/.docker/config.json' },
  { to: 'registry', program: 'aws', words: 'ecr get-login-password' },
  { to: 'registry', program: 'aws', words: 'codeartifact login|get-authorization-token' },
  { to: 'cloud', program: 'aws', words: 'sts assume-role' },
  { to: 'cloud', program: 'aws', words: 'sts assume-role-with-web-identity', keyless: true },
  { to: 'cloud', program: 'aws', words: 'configure', file: '~/.aws/credentials' },
  { to: 'cloud', program: 'aws', words: 'sso login' },
  {
    to: 'cloud',
    program: 'gcloud',
    words: 'auth login|activate-service-account|application-default',
    file: '~/.config/gcloud',
  },
  { to: 'cloud', program: 'az', words: 'login', file: '~/.azure' },
  { to: 'cloud', program: ['doctl', 'hcloud', 'ibmcloud', 'oci', 'scw', 'linode-cli'], words: 'auth|login|init|setup' },
  { to: 'cloud', program: ['terraform', 'pulumi'], words: 'login' },
  {
    to: 'deploy',
    program: ['heroku', 'flyctl', 'fly', 'vercel', 'netlify', 'firebase', 'wrangler'],
    words: 'login|auth',
  },
  { to: 'deploy', program: 'ssh-add' },
  { to: 'kubernetes', program: 'aws', words: 'eks update-kubeconfig', file: '~/.kube/config' },
  { to: 'kubernetes', program: 'gcloud', words: 'container clusters get-credentials', file: '~/.kube/config' },
  { to: 'kubernetes', program: 'az', words: 'aks get-credentials', file: '~/.kube/config' },
  { to: 'kubernetes', program: 'doctl', words: 'kubernetes cluster kubeconfig', file: '~/.kube/config' },
  { to: 'kubernetes', program: ['kubectl', 'oc'], words: 'config set-credentials|set-cluster', file: '~/.kube/config' },
  { to: 'kubernetes', program: 'oc', words: 'login', file: '~/.kube/config' },
  { to: 'signing', program: 'gpg', with: ['--import'] },
  { to: 'signing', program: 'security', words: 'import' },
  { to: 'model-key', program: 'claude', words: 'setup-token|login' },
  { to: 'model-key', program: 'claude', words: 'auth login' },
  { to: 'model-key', program: 'codex', words: 'login', file: '~/.codex/auth.json' },
  { to: 'model-key', program: 'opencode', words: 'auth login', file: '~/.local/share/opencode/auth.json' },
  {
    to: 'other',
    program: ['vault', 'op', 'doppler', 'bw', 'infisical', 'sentry-cli', 'snyk', 'akeyless'],
    words: 'login|signin|auth',
  },
];

export const LOGIN_ROWS: readonly EffectRow[] = [
  ...LOGINS.map(({ to, file, keyless, ...match }): EffectRow => {
    const login: EffectBody = { kind: 'login', to, keyless: keyless === true };
    return { ...match, gives: file === undefined ? login : () => [login, { kind: 'write-secret-file', path: file }] };
  }),
  {
    program: ['npm', 'pnpm', 'yarn'],
    words: 'config set',
    gives: ({ operands }) => registryToken(operands.map(textOf).join(' ')),
  },
  { program: 'poetry', words: 'config', gives: ({ operands }) => registryToken(operands.map(textOf).join(' ')) },
];

function registryToken(setting: string): readonly EffectBody[] {
  if (!/(_authToken|_auth\b|_password|npmAuthToken|pypi-token|http-basic)/.test(setting)) return [];
  return [
    { kind: 'login', to: 'registry', keyless: false },
    { kind: 'write-secret-file', path: '~/.npmrc' },
  ];
}
