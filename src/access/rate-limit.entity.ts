import { Column, Entity, PrimaryColumn } from 'typeorm';
import { int8Column } from '../database/index.ts';

/** A counter of rate-limiter-flexible. */
@Entity('rate_limit')
export class RateLimitRow {
  @PrimaryColumn('varchar', { length: 255 })
  key!: string;

  @Column('integer', { default: 0 })
  points!: number;

  /** Epoch milliseconds. */
  @Column({ ...int8Column, nullable: true })
  expire!: number | null;
}
