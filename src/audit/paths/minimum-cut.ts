import type { AttackPath, Cut, Leg } from './attack-path.ts';

/** Cuts that together end every path, at the least cost. */
export interface CutPlan {
  readonly cuts: readonly { readonly cut: Cut; readonly leg: Leg; readonly ends: number }[];
  readonly paths: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly leg: Leg | undefined;
  capacity: number;
  flow: number;
  readonly back: Edge | undefined;
}

const SOURCE = 'source';
const SINK = 'sink';
const UNCUT = Number.POSITIVE_INFINITY;

/**
 * The minimum cut of the graph of all paths (Ford and Fulkerson's theorem; shortest augmenting paths after Edmonds and
 * Karp). Every leg is an edge with its cost as capacity; paths that share a leg share the edge.
 */
export function planCuts(paths: readonly AttackPath[]): CutPlan {
  const graph = buildGraph(paths);
  for (;;) {
    const way = shortestWay(graph);
    if (!way) break;
    const room = Math.min(...way.map((edge) => edge.capacity - edge.flow));
    for (const edge of way) push(graph, edge, room);
  }
  const reached = reachable(graph);
  const cut = [...graph.values()]
    .flat()
    .filter((edge) => edge.leg && reached.has(edge.from) && !reached.has(edge.to) && edge.capacity > 0);
  const legs = new Map(cut.flatMap(({ leg }) => (leg ? [[leg.id, leg] as const] : [])));
  const cuts = [...legs.values()].map((leg) => ({
    leg,
    cut: leg.cut,
    ends: paths.filter((path) => path.legs.some(({ id }) => id === leg.id)).length,
  }));
  return {
    cuts: cuts.sort((one, other) => other.ends - one.ends || one.cut.cost - other.cut.cost),
    paths: paths.length,
  };
}

type Graph = Map<string, Edge[]>;

/** `source → leg → leg → … → sink`: each leg is an edge between its own two nodes, so that it is shared by its id. */
function buildGraph(paths: readonly AttackPath[]): Graph {
  const graph: Graph = new Map();
  const known = new Set<string>();
  const addEdge = (from: string, edge: Edge): void => {
    const edges = graph.get(from);
    if (edges === undefined) graph.set(from, [edge]);
    else edges.push(edge);
  };
  const connect = (from: string, to: string, capacity: number, leg?: Leg): void => {
    const key = `${from}\n${to}`;
    if (known.has(key)) return;
    known.add(key);
    const edge: Edge = { from, to, leg, capacity, flow: 0, back: undefined };
    const back: Edge = { from: to, to: from, leg: undefined, capacity: 0, flow: 0, back: edge };
    addEdge(from, edge);
    addEdge(to, back);
  };
  for (const { legs } of paths) {
    let behind = SOURCE;
    for (const leg of legs) {
      connect(behind, `in ${leg.id}`, UNCUT);
      connect(`in ${leg.id}`, `out ${leg.id}`, leg.cut.cost, leg);
      behind = `out ${leg.id}`;
    }
    if (legs.length > 0) connect(behind, SINK, UNCUT);
  }
  return graph;
}

function shortestWay(graph: Graph): readonly Edge[] | undefined {
  const arrived = new Map<string, Edge>();
  const queue = [SOURCE];
  for (const at of queue) {
    for (const edge of graph.get(at) ?? []) {
      if (edge.capacity - edge.flow <= 0 || arrived.has(edge.to) || edge.to === SOURCE) continue;
      arrived.set(edge.to, edge);
      if (edge.to === SINK) return wayBack(arrived);
      queue.push(edge.to);
    }
  }
  return undefined;
}

function wayBack(arrived: ReadonlyMap<string, Edge>): readonly Edge[] {
  const way: Edge[] = [];
  for (let edge = arrived.get(SINK); edge !== undefined; edge = arrived.get(edge.from)) way.unshift(edge);
  return way;
}

function push(graph: Graph, edge: Edge, amount: number): void {
  edge.flow += amount;
  const opposite = edge.back ?? graph.get(edge.to)?.find(({ back }) => back === edge);
  if (opposite) opposite.flow -= amount;
}

function reachable(graph: Graph): ReadonlySet<string> {
  const seen = new Set([SOURCE]);
  const queue = [SOURCE];
  for (const at of queue) {
    for (const { to, capacity, flow } of graph.get(at) ?? []) {
      if (capacity - flow <= 0 || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return seen;
}
