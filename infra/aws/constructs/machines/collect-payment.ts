import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from '../service-machine.ts'

/** Longer than both waits together: each parameter ends at 90 days. */
const LONGEST = Duration.days(200)

/** What each step does: `billing/workflows/README.md`. */
export class CollectPaymentMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'CollectPayment')
    const step = steps(this, stepFunction, failWithCause(this, 'NotCollected'))
    const look = step('Look')
    const [tell, block, cancel, recover] = [step('Tell'), step('Block'), step('Cancel'), step('Recover')]
    const waiting = new Wait(this, 'AwaitPayment', { time: WaitTime.timestampPath('$.lookAt') })
    for (const next of [tell, block, cancel, recover, waiting]) next.next(look)
    look.next(
      new Choice(this, 'WhatFollows')
        .when(outcomeIs('wait'), waiting)
        .when(outcomeIs('tell'), tell)
        .when(outcomeIs('block'), block)
        .when(outcomeIs('cancel'), cancel)
        .when(outcomeIs('settle'), recover)
        .otherwise(new Succeed(this, 'NothingMoreToDo')),
    )
    new ServiceMachine(this, 'CollectPayment', {
      name: MACHINES.collectPayment,
      definition: look,
      timeout: LONGEST,
      alarms,
    })
  }
}
