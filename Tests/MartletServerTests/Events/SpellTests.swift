import MartletIO
import MartletServer
import Testing

@Suite struct SpellTests {
    @Test func `a row of happenings begins once, and anew after five seconds without any`() {
        let (spell, start) = (Spell(), Moment.now)
        let seconds: [(Double, Bool)] = [
            (0, true), (0, false), (0.05, false), (4.9, false), (9.8, false), (14.9, true), (14.9, false), (30, true),
        ]
        for (second, isFirst) in seconds {
            #expect(spell.begins(at: start + .seconds(second)) == isFirst, "\(second)")
        }
    }

    @Test func `a worker whose clock is behind begins no new row`() {
        let (spell, start) = (Spell(), Moment.now)
        #expect(spell.begins(at: start + .seconds(10)))
        #expect(!spell.begins(at: start))
        #expect(!spell.begins(at: start + .seconds(12)))
    }
}
