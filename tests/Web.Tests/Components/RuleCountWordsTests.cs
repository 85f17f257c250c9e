using CalicoConsole.Core.Counters;
using CalicoConsole.Web.Areas.Rules;

namespace CalicoConsole.Web.Tests.Components;

public sealed class RuleCountWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Short_SaysWhatIsKnown()
    {
        var watched = new RuleCount(new Hits(0, 0), "") { Since = Now.AddMinutes(-12), Hosts = ["a"] };
        Assert.Equal("never hit, watched for 12 min", RuleCountWords.Short(watched, Now));
        Assert.Equal("1,204 packets · 98 KiB · last hit 3 s ago",
            RuleCountWords.Short(watched with { Hits = new Hits(1204, 100_352), LastHit = Now.AddSeconds(-3) }, Now));
        Assert.Equal("1 packet · 84 B · none for 12 min · not hit since the edit",
            RuleCountWords.Short(watched with { Hits = new Hits(1, 84), SinceEdit = default(Hits) }, Now));
        Assert.Equal("2 packets · 1.5 KiB · last hit 2 h ago · hit since the edit", RuleCountWords.Short(
            watched with { Hits = new Hits(2, 1536), LastHit = Now.AddHours(-2), SinceEdit = new Hits(1, 84) }, Now));
        Assert.EndsWith(
            "compute1 cannot be read from here and is not in it.", RuleCountWords.Long(watched with { NotRead = ["compute1"] }), StringComparison.Ordinal);
        Assert.Equal("on no host", RuleCountWords.Short(new RuleCount(null, ""), Now));
        Assert.Equal(("hits unknown", "Unknown: a was not read: no answer within 3 s."), (
            RuleCountWords.Short(new RuleCount(null, "a was not read: no answer within 3 s"), Now),
            RuleCountWords.Long(new RuleCount(null, "a was not read: no answer within 3 s"))));
    }
}
