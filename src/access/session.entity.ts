import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** Somebody who is signed in, in one browser; only the hash of its token is kept. */
@Entity('session')
@Index('session_email', ['email'])
export class SessionRow {
  @PrimaryColumn('text')
  hash!: string;

  @Column('text')
  email!: string;

  @Column(instantColumn)
  passwordChangedAt!: Instant;

  @Column(instantColumn)
  createdAt!: Instant;

  @Column(instantColumn)
  seenAt!: Instant;
}
