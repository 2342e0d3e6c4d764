import { entriesOf, itemsOf, type MapNode, type Node, type SourceFile, scalarsOf } from '../../syntax/index.ts';
import { plainKey } from './named-path.ts';
import type { SheetBuilder } from './sheet.ts';

/** Keys that say who a rule of a firewall is about, in Terraform, CloudFormation, Pulumi, Ansible and ARM templates. */
const PEERS =
  /^(?:cidrblocks|ipv6cidrblocks|cidripv[46]|cidrip|cidripv6|sourceranges|destinationranges|sourceaddressprefix(?:es)?|sourceaddresses|destinationaddresses|remoteipprefix|publicaccesscidrs|loadbalancersourceranges|authorizedipranges|apiserverauthorizedipranges|iprules|iprules?set|allowedipaddresses|startipaddress)$/;
/** The same inside blocks that are about access only: a network has a range of its own, too. */
const PEERS_WITHIN = /^(?:cidrblock|ipv6cidrblock|value|cidr|ipaddress)$/;
const ACCESS_BLOCK = /ingress|egress|authorized|networkacl|acl_?rule|ip_?restriction|ipconfiguration/i;
const OUTBOUND = /egress|outbound/i;
const EVERYBODY = /^(?:0\.0\.0\.0(?:\/[0-7])?|128\.0\.0\.0\/1|::(?:\/[0-7])?|\*|any|internet)$/i;
/** What everybody may speak to on most machines that face the Internet. */
const WEB_PORTS: ReadonlySet<string> = new Set(['80', '443', '80-80', '443-443']);
const DEEPEST = 40;
const MOST_NODES = 100_000;

/** Who may connect to what, wherever a file says it. */
export function addNetworkRules(
  root: Node | undefined,
  file: SourceFile,
  scope: string,
  around: string,
  sheet: SheetBuilder,
): void {
  const open: { readonly node: Node; readonly way: string; readonly depth: number }[] = root
    ? [{ node: root, way: around, depth: 0 }]
    : [];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, way, depth } = next;
    if (depth > DEEPEST || ++count > MOST_NODES) return;
    if (node.kind === 'list') for (const item of node.items) open.push({ node: item, way, depth: depth + 1 });
    else if (node.kind === 'map') {
      addRule(node, file, scope, way, sheet);
      for (const { key, value } of node.entries)
        open.push({ node: value, way: `${way}.${key.text}`.slice(-500), depth: depth + 1 });
    }
  }
}

function addRule(rule: MapNode, file: SourceFile, scope: string, way: string, sheet: SheetBuilder): void {
  const peers = rule.entries.flatMap(({ key, value }) => {
    const name = plainKey(key.text);
    if (!PEERS.test(name) && !(PEERS_WITHIN.test(name) && ACCESS_BLOCK.test(way))) return [];
    return scalarsOf(value).filter(
      ({ text }) => /[\d*:]|any|internet/i.test(text) && !/\$\{|^(?:var|local)\./.test(text),
    );
  });
  if (peers.length === 0) return;
  const words = new Map(rule.entries.map(({ key, value }) => [plainKey(key.text), value]));
  const wordOf = (...names: readonly string[]): string =>
    names.flatMap((name) => scalarsOf(words.get(name)).map(({ text }) => text)).join(',');
  if (
    /deny|block/i.test(wordOf('access', 'action', 'ruleaction')) ||
    /deny/i.test(
      entriesOf(rule)
        .map(({ key }) => key.text)
        .join(),
    )
  )
    return;
  const isOutbound = OUTBOUND.test(way) || OUTBOUND.test(wordOf('type', 'direction'));
  const ports = portsOf(rule, wordOf);
  for (const peer of peers) {
    const isAll = EVERYBODY.test(peer.text);
    const isWide = ports === 'all' || isRange(ports);
    sheet.add({
      control: 'network-opened',
      scope,
      subject: `${isOutbound ? 'to' : 'from'} ${peer.text.slice(0, 100)}, ports ${ports}`,
      weight: (isAll ? 3 : 1) + (isWide ? 1 : 0),
      shown: `${isOutbound ? 'to' : 'from'} ${peer.text}, ports ${ports}`,
      value: '',
      place: { file: file.path, span: peer.span },
      severity: isAll
        ? isOutbound || WEB_PORTS.has(ports)
          ? 'high'
          : 'critical'
        : isWide && !isOutbound
          ? 'medium'
          : 'low',
    });
  }
}

/** As they are written; `all` where none are named or the protocol is any. */
function portsOf(rule: MapNode, wordOf: (...names: readonly string[]) => string): string {
  const protocol = wordOf('protocol', 'ipprotocol');
  if (/^(?:-1|all|\*)$/i.test(protocol)) return 'all';
  const from = wordOf('fromport', 'portrangemin');
  const to = wordOf('toport', 'portrangemax');
  if (from !== '' || to !== '') return (from === to ? from : `${from}-${to}`).slice(0, 40);
  const named = wordOf('ports', 'port', 'portrange', 'destinationportrange', 'destinationportranges');
  if (named !== '') return named === '*' ? 'all' : named.slice(0, 40);
  const inner = rule.entries
    .filter(({ key }) => plainKey(key.text) === 'allow' || plainKey(key.text) === 'allowed')
    .flatMap(({ value }) => itemsOf(value))
    .flatMap(entriesOf)
    .filter(({ key }) => key.text === 'ports')
    .flatMap(({ value }) => scalarsOf(value).map(({ text }) => text));
  return inner.length === 0 ? 'all' : inner.sort().join(',').slice(0, 40);
}

/** More than a hundred ports in a row. */
function isRange(ports: string): boolean {
  return ports.split(',').some((part) => {
    const [from, to] = part.split('-').map(Number);
    return from !== undefined && to !== undefined && to - from > 100;
  });
}
