import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A network from which an account has signed in of late, as a keyed hash. */
@Entity('sign_in_place')
export class SignInPlaceRow {
  @PrimaryColumn('text')
  email!: string;

  @PrimaryColumn('text')
  place!: string;

  @Column(instantColumn)
  lastAt!: Instant;
}
