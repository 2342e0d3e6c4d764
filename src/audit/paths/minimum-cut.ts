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
  readonly capacity: number;
  flow: number;
}

/** An edge and the one back stand side by side: beside the edge `n` stands `n ^ 1`. */
interface Graph {
  readonly edges: Edge[];
  /** The numbers of the edges that leave a node. */
  readonly leaving: Map<string, number[]>;
}

const SOURCE = 'source';
const SINK = 'sink';
const UNCUT = Number.POSITIVE_INFINITY;

/**
 * The minimum cut of the graph of all paths (Ford and Fulkerson's theorem; blocking flows after Dinic). Every leg is an
 * edge with its cost as capacity; paths that share a leg share the edge.
 */
export function planCuts(paths: readonly AttackPath[]): CutPlan {
  const graph = buildGraph(paths);
  let levels = levelsOf(graph);
  for (; levels.has(SINK); levels = levelsOf(graph)) block(graph, levels);
  const cut = graph.edges.filter(
    (edge) => edge.leg && levels.has(edge.from) && !levels.has(edge.to) && edge.capacity > 0,
  );
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

/** `source → leg → leg → … → sink`: each leg is an edge between its own two nodes, so that it is shared by its id. */
function buildGraph(paths: readonly AttackPath[]): Graph {
  const graph: Graph = { edges: [], leaving: new Map() };
  const known = new Set<string>();
  const connect = (from: string, to: string, capacity: number, leg?: Leg): void => {
    const key = `${from}\n${to}`;
    if (known.has(key)) return;
    known.add(key);
    addEdge(graph, { from, to, leg, capacity, flow: 0 });
    addEdge(graph, { from: to, to: from, leg: undefined, capacity: 0, flow: 0 });
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

function addEdge({ edges, leaving }: Graph, edge: Edge): void {
  const numbers = leaving.get(edge.from);
  if (numbers === undefined) leaving.set(edge.from, [edges.length]);
  else numbers.push(edges.length);
  edges.push(edge);
}

/** How far from the source each node is that more can flow to. */
function levelsOf({ edges, leaving }: Graph): ReadonlyMap<string, number> {
  const levels = new Map([[SOURCE, 0]]);
  for (const [at, level] of levels) {
    for (const number of leaving.get(at) ?? []) {
      const edge = edges[number];
      if (edge && edge.capacity - edge.flow > 0 && !levels.has(edge.to)) levels.set(edge.to, level + 1);
    }
  }
  return levels;
}

/** Fills every way to the sink that goes one level further at each edge. An edge that leads nowhere is tried once. */
function block(graph: Graph, levels: ReadonlyMap<string, number>): void {
  const { edges, leaving } = graph;
  const tried = new Map<string, number>();
  const way: number[] = [];
  let at = SOURCE;
  for (;;) {
    if (at === SINK) {
      fill(graph, way);
      way.length = 0;
      at = SOURCE;
      continue;
    }
    const next = tried.get(at) ?? 0;
    const number = leaving.get(at)?.[next];
    const edge = number === undefined ? undefined : edges[number];
    if (
      number !== undefined &&
      edge &&
      edge.capacity - edge.flow > 0 &&
      levels.get(edge.to) === (levels.get(at) ?? 0) + 1
    ) {
      way.push(number);
      at = edge.to;
      continue;
    }
    if (edge !== undefined) tried.set(at, next + 1);
    else {
      const last = way.pop();
      const back = last === undefined ? undefined : edges[last];
      if (back === undefined) return;
      at = back.from;
      tried.set(at, (tried.get(at) ?? 0) + 1);
    }
  }
}

function fill({ edges }: Graph, way: readonly number[]): void {
  const room = Math.min(...way.map((number) => roomOf(edges[number])));
  for (const number of way) {
    const [edge, back] = [edges[number], edges[number ^ 1]];
    if (edge) edge.flow += room;
    if (back) back.flow -= room;
  }
}

function roomOf(edge: Edge | undefined): number {
  return edge === undefined ? 0 : edge.capacity - edge.flow;
}
