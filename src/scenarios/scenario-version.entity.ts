import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A published scenario; never changes (rule D8) but for its retirement. */
@Entity('scenario_version')
export class ScenarioVersionRow {
  @PrimaryColumn('text')
  scenarioId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  hash!: string;

  @Column('text')
  source!: string;

  @Column('text')
  path!: string;

  @Column(instantColumn)
  publishedAt!: Instant;

  @Column(nullableInstantColumn)
  retiredAt!: Instant | null;
}
