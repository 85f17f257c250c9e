using System.Collections.Immutable;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Counters;

public sealed class RuleCountersTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RuleListKey Inbound = new(false, "web", false);

    [Theory]
    [InlineData("web", "cali-pri-web")]
    [InlineData("nineteen-characters", "cali-pri-nineteen-characters")]
    [InlineData("_ineteen-characters", "cali-pri-_jz2Vqp5l_NVQVi832U")]
    [InlineData("one-more-than-nineteen", "cali-pri-_OluN7La7a0GASisglY")]
    public void Profile_Names_AreHashedWhereTheyDoNotFit(string name, string chain)
    {
        Assert.Equal(chain, FelixChains.Profile(name, egress: false));
        Assert.True(chain.Length <= 28);
    }

    [Theory]
    [InlineData("*filter\n:cali-pri-web - [0:0]\n[1:2] -A cali-pri-web -j DROP\n")]
    [InlineData("*filter\n:cali-pri-web - [0:0]\n-A cali-pri-web -j DROP\nCOMMIT\n")]
    [InlineData("*filter\n:cali-pri-web - [0:0]\n[x:2] -A cali-pri-web -j DROP\nCOMMIT\n")]
    [InlineData("*filter\n[1:2] -A cali-pri-web -j DROP\nCOMMIT\n")]
    [InlineData("*filter\n*raw\nCOMMIT\n")]
    [InlineData("")]
    public void Parse_NoWholeAnswer_IsNone(string text) => Assert.Null(ChainCounts.Parse(text.Split('\n')));

    [Fact]
    public void Map_ManyPortsAndNetworks_SumsTheRulesThatDecide()
    {
        var rule = new Rule
        {
            Action = "allow",
            Protocol = new Protocol("tcp", 0),
            Source = new RuleEntity { Nets = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("172.16.0.0/12")], NotNets = [Cidr.Parse("10.1.0.0/16")] },
            Destination = new RuleEntity { Ports = [.. Enumerable.Range(1, 16).Select(p => new PortRange(p, p))] },
        };
        var counts = Read(
            "[9:9] -A cali-pri-web -j MARK --set-xmark 0x0/0xc000000", "[8:8] -A cali-pri-web -s 10.0.0.0/8 -j MARK --set-xmark 0x4000000/0x4000000",
            "[7:7] -A cali-pri-web -s 172.16.0.0/12 -j MARK --set-xmark 0x4000000/0x4000000",
            "[6:6] -A cali-pri-web -s 10.1.0.0/16 -j MARK --set-xmark 0x0/0x4000000",
            "[3:180] -A cali-pri-web -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 -m mark --mark 0x4/0x4 -j MARK --set-xmark 0x1/0x1",
            "[3:180] -A cali-pri-web -m mark --mark 0x1/0x1 -j RETURN",
            "[2:120] -A cali-pri-web -p tcp -m multiport --dports 16 -m mark --mark 0x4000000/0x4000000 -j MARK --set-xmark 0x1/0x1",
            "[2:120] -A cali-pri-web -m mark --mark 0x1/0x1 -j RETURN", "[5:300] -A cali-pri-web -j LOG --log-prefix \"a -j DROP \" --log-level 5");
        ImmutableArray<Rule> rules = [rule, new Rule { Action = "allow", IPVersion = 6 }, new Rule { Action = "log" }];

        Assert.Equal([new Hits(5, 300), null, new Hits(5, 300)], RuleMap.Map(counts, "filter", Inbound, rules).Rules);
        Assert.Equal("the kernel has 9 rules where the stored ones make 8", RuleMap.Map(counts, "filter", Inbound, rules[..1]).Missing);
        Assert.False(RuleMap.Map(counts, "raw", Inbound, rules).InUse);
    }

    [Fact]
    public void Book_Samples_TellLastHitResetAndWhatCameSinceAnEdit()
    {
        var book = CounterBook.Empty.Add(Sample("a", 0, 10), Documents(1)).Add(Sample("b", 0, 0), Documents(1));
        Assert.Equal((new Hits(10, 600), null, Start), Known(book, 1, c => (c.Hits!.Value, c.LastHit, c.Since!.Value)));
        Assert.False(Known(book, 1, c => c.NeverHit));

        book = book.Add(Sample("a", 10, 12), Documents(1)).Add(Sample("b", 10, 0), Documents(1));
        Assert.Equal((new Hits(12, 720), Start.AddSeconds(10), null), Known(book, 1, c => (c.Hits!.Value, c.LastHit, c.ResetAt)));

        // Felix wrote the rule anew: nothing is negative, and what is there came since.
        book = book.Add(Sample("a", 20, 3), Documents(1));
        Assert.Equal((new Hits(3, 180), Start.AddSeconds(20), Start.AddSeconds(20)), Known(book, 1, c => (c.Hits!.Value, c.LastHit, c.ResetAt)));

        // An edit: unknown until every host was read after it, then counted from there.
        Assert.Equal((null, "a was not read since the last edit"), Known(book, 2, c => (c.Hits, c.Missing)));
        book = book.Add(Sample("a", 30, 3), Documents(2)).Add(Sample("b", 30, 0), Documents(2));
        Assert.Equal((default(Hits), null, Start.AddSeconds(30)), Known(book, 2, c => (c.SinceEdit!.Value, c.LastHit, c.EditSeen!.Value)));
        book = book.Add(Sample("b", 40, 1), Documents(2));
        Assert.Equal((new Hits(4, 240), new Hits(1, 60), Start.AddSeconds(40)), Known(book, 2, c => (c.Hits!.Value, c.SinceEdit!.Value, c.LastHit!.Value)));
    }

    [Fact]
    public void Book_HostThatCouldNotBeRead_MakesItUnknown()
    {
        Assert.Equal((null, "no host was read yet"), Known(CounterBook.Empty, 1, c => (c.Hits, c.Missing)));
        var book = CounterBook.Empty.Add(Sample("a", 0, 0), Documents(1));
        Assert.True(Known(book, 1, c => c.NeverHit));

        var lost = book.Add(new HostSample("b", Start, null, "no answer within 3 s"), Documents(1));
        Assert.Equal((null, "b was not read: no answer within 3 s", false), Known(lost, 1, c => (c.Hits, c.Missing, c.NeverHit)));
        Assert.True(Known(lost.Only(new HashSet<string> { "a" }, []), 1, c => c.NeverHit));

        // A host without the chain has no endpoint that uses the document.
        var elsewhere = CounterBook.Empty.Add(new HostSample("c", Start, ChainCounts.Parse(["*filter", "COMMIT"]), ""), Documents(1));
        Assert.Equal((null, ""), Known(elsewhere, 1, c => (c.Hits, c.Missing)));

        // Nor is it known to be nowhere while a node has endpoints and cannot be read.
        var apart = elsewhere.Only(new HashSet<string> { "c" }, ["compute1"]);
        Assert.Equal((null, "no Docker host has it, and compute1 cannot be read from here"), Known(apart, 1, c => (c.Hits, c.Missing)));
        Assert.Equal(["compute1"], Known(book.Only(new HashSet<string> { "a" }, ["compute1"]), 1, c => c.NotRead));
    }

    private static T Known<T>(CounterBook book, ulong revision, Func<RuleCount, T> tell) => tell(Assert.Single(book.Counts(Inbound, 1, revision)));

    private static HostSample Sample(string host, int seconds, int packets) => new(host, Start.AddSeconds(seconds),
        Read($"[{packets}:{packets * 60}] -A cali-pri-web -j DROP"), "");

    private static ChainCounts Read(params string[] rules)
    {
        var counts = ChainCounts.Parse(["*filter", ":cali-pri-web - [0:0]", .. rules, "COMMIT"]);
        Assert.NotNull(counts);
        return counts;
    }

    private static CalicoState Documents(ulong revision) => CalicoState.Empty with
    {
        Profiles = CalicoState.Empty.Profiles.Add("web", new Stored<Profile>(new Profile { Name = "web", Ingress = [new Rule { Action = "deny" }] },
            [new StoredKey("/calico/v1/policy/profile/web/rules", ReadOnlyMemory<byte>.Empty, revision)])),
    };
}
