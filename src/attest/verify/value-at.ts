/** What stands at a route into a value whose form is not known; `undefined` where the route ends before. */
export function valueAt(value: unknown, ...route: readonly string[]): unknown {
  return route.reduce<unknown>((found, step) => {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    // Sound: an object that has the key.
    return (found as { readonly [key: string]: unknown })[step];
  }, value);
}
