import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const deployment = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n${spec}`;
const policy = (lines: string): string => `version: 1\n${lines}`;

const CASES: readonly Case[] = [
  {
    name: 'a path of the host in a pod',
    file: 'deploy/web.yaml',
    before: deployment('      containers: []\n'),
    after: deployment('      containers: []\n      volumes:\n        - name: h\n          hostPath: { path: /etc }\n'),
    control: 'container-opened',
    line: 'hostPath',
  },
  {
    name: 'the network of the host',
    file: 'deploy/web.yaml',
    before: deployment('      containers: []\n'),
    after: deployment('      hostNetwork: true\n      containers: []\n'),
    control: 'container-opened',
    line: 'hostNetwork',
  },
  {
    name: 'a container that may be root again',
    file: 'deploy/web.yaml',
    before: deployment('      securityContext: { runAsNonRoot: true }\n'),
    after: deployment('      securityContext: {}\n'),
    control: 'container-opened',
  },
  {
    name: 'an added kernel capability',
    file: 'deploy/web.yaml',
    before: deployment(
      '      containers:\n        - name: web\n          securityContext: { capabilities: { drop: [ALL] } }\n',
    ),
    after: deployment(
      '      containers:\n        - name: web\n          securityContext: { capabilities: { drop: [ALL], add: [SYS_ADMIN] } }\n',
    ),
    control: 'container-opened',
    line: 'SYS_ADMIN',
  },
  {
    name: 'more replicas',
    file: 'deploy/web.yaml',
    before: deployment('      containers: []\n'),
    after: deployment('      containers: []\n').replace('spec:\n  template', 'spec:\n  replicas: 3\n  template'),
    control: undefined,
  },
  {
    name: 'an account with every right of the cluster',
    file: 'k8s/bind.yaml',
    before:
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { name: view }\n',
    after:
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { name: cluster-admin }\n',
    control: 'rbac-widened',
    line: 'cluster-admin',
  },
  {
    name: 'the socket of the container engine',
    file: 'compose.yaml',
    before: 'services:\n  web:\n    image: web\n',
    after: 'services:\n  web:\n    image: web\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n',
    control: 'container-opened',
    line: 'docker.sock',
  },
  {
    name: 'a privileged service',
    file: 'docker-compose.yml',
    before: 'services:\n  web:\n    image: web\n',
    after: 'services:\n  web:\n    image: web\n    privileged: true\n',
    control: 'container-opened',
    line: 'privileged',
  },
  {
    name: 'a named volume',
    file: 'compose.yaml',
    before: 'services:\n  web:\n    image: web\n',
    after: 'services:\n  web:\n    image: web\n    volumes: [data:/data]\n',
    control: undefined,
  },
  {
    name: 'a cloud resource that everybody reads',
    file: 'infra/main.tf.json',
    before: '{"resource":{"bucket":{"b":{"acl":"private"}}}}',
    after: '{"resource":{"bucket":{"b":{"acl":"public-read"}}}}',
    control: 'protective-setting-off',
  },
  {
    name: 'a role that everybody takes on',
    file: 'iam/trust.json',
    before: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::1:root"}}]}',
    after: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}',
    control: 'iam-widened',
  },
  {
    name: 'every origin',
    file: 'config/server.json',
    before: '{"cors":{"origins":["https://app.example.test"]}}',
    after: '{"cors":{"origins":["*"]}}',
    control: 'list-widened',
  },
  {
    name: 'every host in an environment file',
    file: '.env.production',
    before: 'ALLOWED_HOSTS=app.example.test\n',
    after: 'ALLOWED_HOSTS=*\n',
    control: 'list-widened',
  },
  {
    name: 'verification switched off in an environment file',
    file: 'app.env',
    before: 'PORT=1\n',
    after: 'PORT=1\nNODE_TLS_REJECT_UNAUTHORIZED=0\n',
    control: 'tls-check-off',
    line: 'REJECT',
  },
  {
    name: 'a port and a comment in an environment file',
    file: 'app.env',
    before: 'PORT=1\n',
    after: '# listens\nPORT=2\n',
    control: undefined,
  },
  {
    name: 'a host on the way out',
    file: 'config/egress.yaml',
    before: 'egress:\n  hosts: [a.example.test]\n',
    after: 'egress:\n  hosts: [a.example.test, b.example.test]\n',
    control: 'list-widened',
    line: 'b.example.test',
  },
  {
    name: 'a mode of an agent that asks nobody (Codex)',
    file: '.codex/config.toml',
    before: 'approval_policy = "on-request"\n',
    after: 'approval_policy = "never"\n',
    control: 'agent-switch-loosened',
    line: 'never',
  },
  {
    name: 'an agent without its sandbox (Codex)',
    file: '.codex/config.toml',
    before: 'sandbox_mode = "read-only"\n',
    after: 'sandbox_mode = "danger-full-access"\n',
    control: 'agent-switch-loosened',
  },
  {
    name: 'every tool server of the project',
    file: '.claude/settings.json',
    before: '{}',
    after: '{"enableAllProjectMcpServers":true}',
    control: 'agent-switch-loosened',
  },
  {
    name: 'a sandbox switched off',
    file: '.claude/settings.json',
    before: '{"sandbox":{"enabled":true}}',
    after: '{"sandbox":{"enabled":false}}',
    control: 'agent-switch-loosened',
  },
  {
    name: 'a narrower permission of an agent',
    file: '.claude/settings.json',
    before: '{"permissions":{"allow":["Bash(npm *)","Read"]}}',
    after: '{"permissions":{"allow":["Read"],"deny":["WebFetch"]}}',
    control: undefined,
  },
  {
    name: 'protection switched off in the policy',
    file: 'sallyport.yaml',
    before: policy('tool:\n  deny: ["Bash(git push *)"]\n'),
    after: policy('disable: [builtin/ci-files]\ntool:\n  deny: ["Bash(git push *)"]\n'),
    control: 'policy-loosened',
    line: 'builtin',
  },
  {
    name: 'a refusal removed from the policy',
    file: 'sallyport.yaml',
    before: policy('tool:\n  deny: ["Bash(git push *)"]\n'),
    after: policy('tool:\n  deny: []\n'),
    control: 'policy-loosened',
  },
  {
    name: 'a rule of the policy that is only noted',
    file: 'sallyport.yaml',
    before: policy('tool:\n  deny:\n    - { id: push, tool: Bash }\n'),
    after: policy('tool:\n  deny:\n    - { id: push, tool: Bash, observe: true }\n'),
    control: 'policy-loosened',
  },
  {
    name: 'a larger budget',
    file: 'sallyport.yaml',
    before: policy('limits: { minutes: 10, memory: 1GiB }\n'),
    after: policy('limits: { minutes: 10, memory: 8GiB }\n'),
    control: 'policy-loosened',
    line: '8GiB',
  },
  {
    name: 'fewer approvals',
    file: 'sallyport.yaml',
    before: policy('merge:\n  require:\n    - { id: two, approvals: 2 }\n'),
    after: policy('merge:\n  require:\n    - { id: two, approvals: 1 }\n'),
    control: 'policy-loosened',
  },
  {
    name: 'the review that fails later',
    file: 'sallyport.yaml',
    before: policy('review: { failOn: medium }\n'),
    after: policy('review: { failOn: critical }\n'),
    control: 'policy-loosened',
  },
  {
    name: 'a stricter policy',
    file: 'sallyport.yaml',
    before: policy('limits: { minutes: 10 }\nreview: { failOn: high }\n'),
    after: policy('limits: { minutes: 5 }\nreview: { failOn: low }\ntool: { deny: [WebFetch] }\n'),
    control: undefined,
  },
  {
    name: 'a rule ignored for every file',
    file: 'pyproject.toml',
    before: '[tool.ruff.lint]\nignore = ["E501"]\n',
    after: '[tool.ruff.lint]\nignore = ["E501", "S105"]\n',
    control: 'exclusion-grown',
    line: 'S105',
  },
  {
    name: 'a lower coverage in a manifest',
    file: 'package.json',
    before: '{"jest":{"coverageThreshold":{"global":{"lines":90}}}}',
    after: '{"jest":{"coverageThreshold":{"global":{"lines":10}}}}',
    control: 'threshold-lowered',
  },
  {
    name: 'a new dependency in a manifest',
    file: 'package.json',
    before: '{"dependencies":{"a":"1.0.0"}}',
    after: '{"dependencies":{"a":"1.0.0","b":"2.0.0"}}',
    control: undefined,
  },
  {
    name: 'an advisory that is ignored',
    file: '.trivyignore',
    before: '',
    after: 'CVE-2026-0001\n',
    control: 'exclusion-grown',
  },
  {
    name: 'a linter that leaves out a folder',
    file: 'biome.json',
    before: '{"files":{"ignore":["dist"]}}',
    after: '{"files":{"ignore":["dist","src/auth"]}}',
    control: 'exclusion-grown',
  },
  {
    name: 'a hook of git without its check',
    file: '.husky/pre-commit',
    before: 'npm test\nnpx lint-staged\n',
    after: 'npx lint-staged\n',
    control: 'script-check-removed',
  },
  {
    name: 'a recipe whose failure is forgiven',
    file: 'Makefile',
    before: 'check:\n\tnpm audit\n',
    after: 'check:\n\t-npm audit\n',
    control: 'script-failure-ignored',
    line: '-npm',
  },
  {
    name: 'a recipe without its check',
    file: 'Makefile',
    before: 'check:\n\tnpm audit\n\tnpm run build\n',
    after: 'check:\n\tnpm run build\n',
    control: 'script-check-removed',
  },
  {
    name: 'a new target',
    file: 'Makefile',
    before: 'check:\n\tnpm audit\n',
    after: '# all\ncheck:\n\t@npm audit\nbuild:\n\tmake -C sub\n',
    control: undefined,
  },
  {
    name: 'a hook before commits that is gone',
    file: '.pre-commit-config.yaml',
    before: 'repos:\n  - repo: https://example.test/a\n    hooks:\n      - id: gitleaks\n      - id: fmt\n',
    after: 'repos:\n  - repo: https://example.test/a\n    hooks:\n      - id: fmt\n',
    control: 'check-configuration-loosened',
  },
];

describe('the comparison of settings', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const one of CASES) it(sentenceOf(one), () => checkCase(one, tools));
});
