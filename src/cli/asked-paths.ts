import path from 'node:path';
import { UserError } from '../shared/errors.ts';

/** Which files somebody means: those at or below the paths given, all without any. Remembers which paths meant any. */
export class AskedPaths {
  private readonly places: Map<string, string>;
  private readonly met = new Set<string>();

  constructor(paths: readonly string[]) {
    this.places = new Map(paths.map((given) => [path.resolve(given), given]));
  }

  readonly has = (file: string): boolean => {
    if (this.places.size === 0) return true;
    const meant = [...this.places.keys()].filter((place) => file === place || file.startsWith(place + path.sep));
    for (const place of meant) this.met.add(place);
    return meant.length > 0;
  };

  /** Throws UserError for a path that meant no file at all. */
  refuseUnmet(): void {
    const unmet = [...this.places].filter(([place]) => !this.met.has(place)).map(([, given]) => given);
    if (unmet.length > 0)
      throw new UserError(`Nothing of the library lies at ${unmet.join(' or ')}, neither published nor here`);
  }
}
