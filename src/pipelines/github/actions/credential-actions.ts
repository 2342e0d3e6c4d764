import { type ActionRow, type ActionUse, type EffectBody, inputText, isOn, listInput, login } from './action-use.ts';

/**
 * Actions that log in, mint tokens or limit the network.
 *
 * Inputs, outputs and defaults of these rows were compared with the newest `action.yml` at hand on 2026-11-21:
 * configure-aws-credentials, google-github-actions/auth, azure/login, vault-action, create-github-app-token,
 * harden-runner, bullfrog. The other rows say what the action is for and depend on no input; their files were not read.
 */

function mintToken(use: ActionUse): readonly EffectBody[] {
  const named = use.inputs.filter((entry) => entry.name.toLowerCase().startsWith('permission-'));
  const scopes = named.map((entry) => `${entry.name.slice('permission-'.length)}:${entry.value.text}`);
  return [{ kind: 'mint-token', output: 'token', scopes: scopes.length === 0 ? undefined : scopes }];
}

function harden(use: ActionUse): readonly EffectBody[] {
  // The default is `block` in the newest version and was `audit` in earlier ones, so only what is written counts.
  const block = inputText(use, 'egress-policy')?.trim() === 'block';
  const hosts = (inputText(use, 'allowed-endpoints') ?? '').split(/\s+/).filter((host) => host !== '');
  return [{ kind: 'egress-control', mode: block ? 'block' : 'audit', hosts }];
}

export const CREDENTIAL_ACTIONS: readonly ActionRow[] = [
  {
    actions: ['aws-actions/configure-aws-credentials'],
    effects: (use) => [login('cloud', !isOn(use, 'aws-access-key-id'))],
  },
  { actions: ['google-github-actions/auth'], effects: (use) => [login('cloud', !isOn(use, 'credentials_json'))] },
  { actions: ['azure/login'], effects: (use) => [login('cloud', !isOn(use, 'creds'))] },
  { actions: ['hashicorp/vault-action'], effects: (use) => [login('other', inputText(use, 'method') === 'jwt')] },
  {
    actions: ['1password/load-secrets-action', 'doppler/secrets-fetch-action'],
    effects: () => [login('other', false)],
  },
  {
    actions: ['docker/login-action', 'azure/docker-login', 'redhat-actions/podman-login'],
    effects: () => [login('registry', false)],
  },
  { actions: ['aws-actions/amazon-ecr-login'], effects: () => [login('registry', true)] },
  {
    actions: ['azure/k8s-set-context', 'azure/aks-set-context', 'google-github-actions/get-gke-credentials'],
    effects: () => [login('kubernetes', false)],
  },
  { actions: ['webfactory/ssh-agent', 'shimataro/ssh-key-action'], effects: () => [login('deploy', false)] },
  { actions: ['crazy-max/ghaction-import-gpg'], effects: () => [login('signing', false)] },
  {
    actions: ['rubygems/configure-rubygems-credentials', 'rust-lang/crates-io-auth-action'],
    effects: () => [login('registry', true)],
  },
  {
    actions: [
      ...['actions/create-github-app-token', 'tibdex/github-app-token', 'getsentry/action-github-app-token'],
      ...['peter-murray/workflow-application-token-action', 'jnwng/github-app-installation-token-action'],
    ],
    effects: mintToken,
  },
  { actions: ['step-security/harden-runner'], effects: harden },
  {
    actions: ['bullfrogsec/bullfrog'],
    effects: (use) => [
      {
        kind: 'egress-control',
        mode: inputText(use, 'egress-policy')?.trim() === 'block' ? 'block' : 'audit',
        hosts: [...listInput(use, 'allowed-domains'), ...listInput(use, 'allowed-ips')],
      },
    ],
  },
];
