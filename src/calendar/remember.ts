/**
 * A function that computes once per key. What people send becomes keys here (zones, durations, regions), so the
 * number kept is bounded: when it is reached, everything is forgotten and computed again as needed.
 */
export function remember<Key, Value>(limit: number, compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      if (known.size >= limit) known.clear();
      known.set(key, value);
    }
    return value;
  };
}
