import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';

/** Whether marketing leaves from a sending domain; no row: it does. */
@Entity('breaker')
export class BreakerRow {
  @PrimaryColumn('text')
  domain!: string;

  @Column('text')
  state!: string;

  @Column('text', { nullable: true })
  cause!: string | null;

  @Column('double precision', { nullable: true })
  rate!: number | null;

  @Column(instantColumn)
  since!: Instant;

  @Column(nullableInstantColumn)
  countedFrom!: Instant | null;
}
