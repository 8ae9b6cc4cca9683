import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A published policy; never changes (rule D8). */
@Entity('policy_version')
export class PolicyVersionRow {
  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  hash!: string;

  @Column('text')
  source!: string;

  @Column(instantColumn)
  publishedAt!: Instant;
}
