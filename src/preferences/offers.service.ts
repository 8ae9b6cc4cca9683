import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.ts';
import { isWrittenToUnasked, type PolicyVersion } from '../gate/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { TemplateStore } from '../templates/index.ts';
import { everythingChoosable, type Choosable } from './offer.ts';
import type { Standing } from './preferences.service.ts';

/** What there is to choose from, by the policy and templates that are published. */
export interface Published {
  policy: PolicyVersion;
  /** BCP 47. */
  languages: readonly string[];
}

/** Reads it once a publication. */
@Injectable()
export class Offers {
  private known: { revision: number; published: Promise<Published> } | undefined;
  private readonly templates: TemplateStore;

  constructor(
    private readonly library: LibraryService,
    database: Database,
  ) {
    this.templates = new TemplateStore(database);
  }

  /** Throws UserError when nothing has been published. */
  async current(): Promise<Published> {
    const { revision, policy } = await this.library.current();
    if (this.known?.revision !== revision) {
      const published = this.templates.languages().then((languages) => ({ policy, languages }));
      this.known = { revision, published };
      // A database that was away is asked again.
      published.catch(() => (this.known = undefined));
    }
    return this.known.published;
  }
}

/** All that one person can choose. */
export function choosableBy({ contact, consents }: Standing, { policy }: Published, now: Instant): Choosable[] {
  return everythingChoosable(policy.policy, (of) =>
    isWrittenToUnasked({ ...of, plannedAt: now }, { contact, consents }, policy),
  );
}
