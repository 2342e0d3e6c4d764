import type { FactClass } from '../facts/compare-facts.ts';
import { fileChange } from './example.ts';

const COMMON = { group: 'infrastructure', direction: 'weakened', meta: false } as const;
const pod = (context: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web\n      securityContext:\n        ${context}\n`;
const role = (rule: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: reader\nrules:\n  - ${rule}\n`;
const policy = (statement: string): string => `{"Version":"2012-10-17","Statement":[${statement}]}`;

/** Containers, clusters and cloud rights. */
export const INFRASTRUCTURE_CLASSES: readonly FactClass[] = [
  {
    ...COMMON,
    id: 'container-opened',
    severity: 'high',
    title: 'A container has more power over its host',
    why: 'Whoever runs code in it reaches the machine and its neighbours.',
    advice: 'Keep it without privileges, host namespaces and host paths.',
    tags: ['CWE-250'],
    weakened: '{scope} has more power over its host: {now} (before: {was}; {subject})',
    strengthened: '{scope} has less power over its host: {now} (before: {was})',
    attack: fileChange('deploy/pod.yaml', pod('privileged: false'), pod('privileged: true')),
    benign: fileChange('deploy/pod.yaml', pod('runAsNonRoot: true'), pod('runAsNonRoot: yes').replace('yes', '"true"')),
  },
  {
    ...COMMON,
    id: 'container-user-removed',
    severity: 'high',
    title: 'An image runs as root',
    why: 'A fault in the program is a fault with all rights in the container.',
    advice: 'End the image with a user of its own.',
    tags: ['CWE-250'],
    weakened: 'The image runs as root now (before: {was})',
    strengthened: 'The image runs as {now}',
    attack: fileChange('Dockerfile', 'FROM node:24\nUSER node\nCMD ["node"]\n', 'FROM node:24\nCMD ["node"]\n'),
    benign: fileChange(
      'Dockerfile',
      'FROM node:24\nUSER node\nCMD ["node"]\n',
      'FROM node:24\n# not root\nUSER 1000\nCMD ["node"]\n',
    ),
  },
  {
    ...COMMON,
    id: 'image-unpinned',
    severity: 'medium',
    title: 'An image is built on a name that can move',
    why: 'Whoever moves the tag puts code into the image.',
    advice: 'Name the digest.',
    tags: ['CWE-1357'],
    weakened: 'The image is built on {now}, a name that can move (before: {was})',
    strengthened: 'The image is built on a name that moves less',
    attack: fileChange(
      'Dockerfile',
      `FROM node:24@sha256:${'a'.repeat(64)}\nUSER node\n`,
      'FROM node:latest\nUSER node\n',
    ),
    benign: fileChange('Dockerfile', 'FROM node:24\nUSER node\n', 'FROM node:25\nUSER node\n'),
  },
  {
    ...COMMON,
    id: 'port-published',
    severity: 'medium',
    title: 'A service can be reached from other machines',
    why: 'Everybody on the network speaks to it.',
    advice: 'Bind it to the loopback address.',
    tags: ['CWE-668'],
    weakened: '{scope} can be reached from other machines: {now}',
    strengthened: '{scope} can no longer be reached from other machines',
    attack: fileChange(
      'compose.yaml',
      'services:\n  db:\n    image: db\n    ports: ["127.0.0.1:5432:5432"]\n',
      'services:\n  db:\n    image: db\n    ports: ["5432:5432"]\n',
    ),
    benign: fileChange(
      'compose.yaml',
      'services:\n  db:\n    image: db\n    ports: ["5432:5432"]\n',
      'services:\n  db:\n    image: db\n    ports:\n      - "5433:5432"\n',
    ),
  },
  {
    ...COMMON,
    id: 'admission-loosened',
    severity: 'high',
    title: 'A cluster refuses less',
    why: 'What the rule refused can be started.',
    advice: 'Keep the rule in force.',
    tags: ['CWE-693'],
    weakened: '{scope} refuses less: {now} (before: {was})',
    strengthened: '{scope} refuses more: {now}',
    attack: fileChange(
      'k8s/policy.yaml',
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: p\nspec:\n  validationFailureAction: Enforce\n',
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: p\nspec:\n  validationFailureAction: Audit\n',
    ),
    benign: fileChange(
      'k8s/policy.yaml',
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: p\nspec:\n  validationFailureAction: Enforce\n',
      'kind: ClusterPolicy\napiVersion: kyverno.io/v1\nmetadata: { name: p }\nspec:\n  validationFailureAction: "enforce"\n',
    ),
  },
  {
    ...COMMON,
    id: 'admission-removed',
    moved: '{subject} stands in another file now',
    severity: 'high',
    movable: true,
    title: 'A rule of a cluster is gone',
    why: 'What it kept apart or refused is open.',
    advice: 'Keep the rule, or name what takes its place.',
    tags: ['CWE-693'],
    weakened: '{subject} is gone: what it refused is open',
    strengthened: '{subject} is new',
    attack: fileChange(
      'k8s/net.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: deny-all\nspec:\n  podSelector: {}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
    ),
    benign: fileChange(
      'k8s/net.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: deny-all\nspec:\n  podSelector: {}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: deny-all\nspec:\n  podSelector: {}\n',
    ),
  },
  {
    ...COMMON,
    id: 'network-policy-widened',
    severity: 'high',
    title: 'A network rule lets more through',
    why: 'More of the cluster reaches what it protects.',
    advice: 'Name the peers.',
    tags: ['CWE-284'],
    weakened: '{scope} lets more through: {now} (before: {was})',
    strengthened: '{scope} lets less through',
    attack: fileChange(
      'k8s/net.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: n }\nspec:\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: n }\nspec:\n  ingress:\n    - {}\n',
    ),
    benign: fileChange(
      'k8s/net.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: n }\nspec:\n  ingress:\n    - from:\n        - podSelector: { matchLabels: { app: web } }\n',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: n\nspec:\n  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: "web"\n',
    ),
  },
  {
    ...COMMON,
    id: 'rbac-widened',
    severity: 'high',
    title: 'A role may do more, or more people have it',
    why: 'Whoever holds the account holds the right.',
    advice: 'Name the verbs and resources that are needed.',
    tags: ['CWE-269'],
    weakened: '{scope} grants more: {now}',
    strengthened: '{scope} grants less: {was}',
    attack: fileChange(
      'k8s/role.yaml',
      role('{ resources: [pods], verbs: [get] }'),
      role('{ resources: [pods], verbs: [get, "*"] }'),
    ),
    benign: fileChange(
      'k8s/role.yaml',
      role('{ resources: [pods], verbs: [get, list] }'),
      role('{ verbs: [list, get], resources: [pods] }'),
    ),
  },
  {
    ...COMMON,
    id: 'rbac-scope-removed',
    severity: 'high',
    title: 'A right counts for every resource of a kind',
    why: 'A right to one secret became a right to all of them.',
    advice: 'Keep the names.',
    tags: ['CWE-269'],
    weakened: 'The right of {scope} to {subject} is no longer bound to {was}',
    strengthened: 'The right of {scope} to {subject} is bound to {now}',
    changed: { says: 'The right of {scope} to {subject} is bound to {now} (before: {was})', severity: 'medium' },
    attack: fileChange(
      'k8s/role.yaml',
      role('{ resources: [secrets], resourceNames: [web], verbs: [get] }'),
      role('{ resources: [secrets], verbs: [get] }'),
    ),
    benign: fileChange(
      'k8s/role.yaml',
      role('{ resources: [secrets], resourceNames: [web], verbs: [get] }'),
      role('{ resources: ["secrets"], verbs: ["get"], resourceNames: ["web"] }'),
    ),
  },
  {
    ...COMMON,
    id: 'iam-widened',
    severity: 'high',
    title: 'A cloud policy allows more',
    why: 'Whoever holds the role may do it.',
    advice: 'Name actions, resources and principals.',
    tags: ['CWE-732'],
    weakened: '{scope} allows more: {now}',
    strengthened: '{scope} allows less: {was}',
    attack: fileChange(
      'iam/app.json',
      policy('{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::app/data"}'),
      policy('{"Sid":"Read","Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::app/data"}'),
    ),
    benign: fileChange(
      'iam/app.json',
      policy(
        '{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::app/data"}',
      ),
      policy(
        '{"Effect":"Allow","Sid":"Read","Resource":["arn:aws:s3:::app/data"],"Action":["s3:ListBucket","s3:GetObject"]}',
      ),
    ),
  },
  {
    ...COMMON,
    id: 'iam-deny-removed',
    severity: 'high',
    title: 'A cloud policy refuses less',
    why: 'A refusal wins over every other policy; without it they count.',
    advice: 'Keep the statement.',
    tags: ['CWE-732'],
    weakened: '{scope} no longer refuses {was}',
    strengthened: '{scope} refuses {now}',
    attack: fileChange(
      'iam/app.json',
      policy(
        '{"Sid":"No","Effect":"Deny","Action":"iam:*","Resource":"*"},{"Sid":"Ok","Effect":"Allow","Action":"s3:Get","Resource":"a"}',
      ),
      policy('{"Sid":"Ok","Effect":"Allow","Action":"s3:Get","Resource":"a"}'),
    ),
    benign: fileChange(
      'iam/app.json',
      policy(
        '{"Sid":"No","Effect":"Deny","Action":"iam:*","Resource":"*"},{"Sid":"Ok","Effect":"Allow","Action":"s3:Get","Resource":"a"}',
      ),
      policy(
        '{"Sid":"Ok","Effect":"Allow","Action":"s3:Get","Resource":"a"},{"Sid":"No","Effect":"Deny","Action":"iam:*","Resource":"*"}',
      ),
    ),
  },
  {
    ...COMMON,
    id: 'iam-condition-removed',
    severity: 'high',
    title: 'A cloud right no longer depends on a condition',
    why: 'It counts for every source, organisation and moment.',
    advice: 'Keep the condition.',
    tags: ['CWE-732'],
    weakened: '{scope} no longer depends on {subject} ({was})',
    strengthened: '{scope} depends on {subject} ({now})',
    changed: { says: '{scope} depends on another {subject}: {now} (before: {was})', severity: 'medium' },
    attack: fileChange(
      'iam/trust.json',
      policy(
        '{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}',
      ),
      policy('{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}'),
    ),
    benign: fileChange(
      'iam/trust.json',
      policy(
        '{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}',
      ),
      policy(
        '{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-1"]}}}',
      ),
    ),
  },
];
