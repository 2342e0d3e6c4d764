/** How often a property is tried: few in `make test`, very many in `make check-full`. */
export function fuzzRuns(short: number): number {
  const runs = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 0);
  return runs > 0 ? runs : short;
}
