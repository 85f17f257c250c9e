using System.Globalization;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Captures;

/// <summary>The same packet at several points is one row, and what is said of it is only what was seen.</summary>
public sealed class CaptureTimelineTests
{
    private const string Recorded = "ee:ee:ee:ee:ee:ee";
    private const string Random = "86:24:00:ce:d2:5d";
    private static readonly DateTimeOffset At = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Ip A = Ip.Parse("192.0.2.2");
    private static readonly Ip B = Ip.Parse("192.0.2.3");

    [Fact]
    public void Packet_ThatPassesEveryPoint_HasArrived()
    {
        var timeline = Build([Inside("a"), Host("a"), Host("b"), Inside("b")], Ping(0, 0, 1, 2, 3), Reply(0, 3, 2, 1, 0));
        Assert.Equal([PacketFate.Arrived, PacketFate.Arrived], timeline.Rows.Select(r => r.State));
        Assert.Equal("left cali0 in a, arrived at cali0 in b", timeline.Rows[0].Verdict);
        Assert.Equal("left cali0 in b, arrived at cali0 in a", timeline.Rows[1].Verdict);
        Assert.Equal(4, timeline.Rows[0].Seen.Count(s => s is not null));
        Assert.Contains("h2 is 0 ms", Assert.Single(timeline.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Packet_ThatIsNotSeenAtTheNextPoint_DidNotReachIt()
    {
        var row = Assert.Single(Build([Inside("a"), Host("a"), Host("b"), Inside("b")], Ping(0, 0, 1)).Rows);
        Assert.Equal((PacketFate.Lost, "left cali0 in a, arrived at calia of a on h1, did not reach calib of b on h2"), (row.State, row.Verdict));
    }

    [Fact]
    public void Reply_ForAnotherMac_IsTheSignatureOfTheWalkThrough()
    {
        var points = new[] { Inside("a") with { Mac = Random }, Host("a") };
        var row = Assert.Single(Build(points, Reply(0, 1, 0) with { Mac = Recorded }).Rows);
        Assert.Equal(PacketFate.WrongMac, row.State);
        Assert.Equal(0, row.WrongMacAt);
        Assert.Contains($"for {Recorded}, but cali0 in a has {Random}: the kernel of a throws it away", row.Verdict, StringComparison.Ordinal);
        Assert.Contains("1 × echo reply from 192.0.2.3 to 192.0.2.2: arrived at", Build(points, Reply(0, 1, 0) with { Mac = Recorded }).Headlines()[0],
            StringComparison.Ordinal);
        // ARP answers whoever asked, by the right MAC, and broadcasts are for everybody.
        Assert.DoesNotContain(Build(points, Reply(0, 1, 0) with { Mac = Random }, Reply(1, 1, 0) with { Mac = "ff:ff:ff:ff:ff:ff" }).Rows,
            r => r.State == PacketFate.WrongMac);
    }

    [Fact]
    public void Clocks_ThatAreApart_AreBroughtTogetherByPacketsOfBothDirections()
    {
        // The second host's clock is five minutes ahead; the way takes 2 ms.
        var ahead = TimeSpan.FromMinutes(5);
        var timeline = Build([Host("a"), Host("b") with { From = At + ahead - Long, Until = At + ahead + Long }],
            (p, t) => p == 1 ? t + ahead : t, [.. Enumerable.Range(0, 5).SelectMany(i => new[] { Ping(i, 0, 1), Reply(i, 1, 0) })]);
        Assert.All(timeline.Rows, r => Assert.Equal(PacketFate.Arrived, r.State));
        Assert.Equal(10, timeline.Rows.Length);
        Assert.All(timeline.Rows, r => Assert.Equal(2, Math.Abs((r.Seen[0]!.At - r.Seen[1]!.At).TotalMilliseconds), 3));
        Assert.Contains("300000 ms ahead of that of h1, by 10 packets that both saw, in both directions", timeline.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_WithoutASharedPacket_AreSaidNotToBeKnown()
    {
        var timeline = Build([Host("a"), Host("b")], Ping(0, 0), Ping(1, 1));
        Assert.Contains("not known", timeline.Notes[0], StringComparison.Ordinal);
        var guessed = Build([Host("a") with { ClockAhead = TimeSpan.Zero }, Host("b") with { ClockAhead = TimeSpan.FromSeconds(1) }], Ping(0, 0), Ping(1, 1));
        Assert.Contains("a guess", guessed.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("early", "not listened there yet")]
    [InlineData("late", "no longer listened there")]
    [InlineData("missed", "7 packets were missed there")]
    [InlineData("failed", "nothing was captured there")]
    public void Place_ThatCouldNotSeeIt_ProvesNothing(string why, string said)
    {
        var second = why switch
        {
            "early" => Host("a") with { From = At + TimeSpan.FromSeconds(1) },
            "late" => Host("a") with { Until = At + TimeSpan.FromMilliseconds(100) },
            "missed" => Host("a") with { Missed = 7 },
            _ => Host("a") with { From = null, Until = null, End = CaptureEnd.Failed },
        };
        var row = Assert.Single(Build([Inside("a"), second], Ping(0, 0)).Rows);
        Assert.Equal(PacketFate.Unknown, row.State);
        Assert.Contains(said, row.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void SameBytes_AskedAgainEachSecond_AreTakenForWhatTheyAre()
    {
        // The second question did not reach the host; the first and the third did.
        var timeline = Build([Inside("a"), Host("a")], Arp(0, 0, 1), Arp(1000, 0), Arp(2000, 0, 1));
        Assert.Equal([PacketFate.Arrived, PacketFate.Lost, PacketFate.Arrived], timeline.Rows.Select(r => r.State));
    }

    [Fact]
    public void Packet_BetweenOthers_IsShownAndNotJudged()
    {
        var timeline = CaptureTimeline.Build([Track(Host("a"), Packet(At, "icmp x", A, Ip.Parse("10.9.9.9"))), Track(Host("b"))], A, B);
        Assert.Equal(PacketFate.Seen, Assert.Single(timeline.Rows).State);
        Assert.Equal(["No packet was seen."], Build([Inside("a")]).Headlines());
    }

    [Fact]
    public void Report_IsReadAsItWasWritten()
    {
        var report = new CaptureReport
        {
            Id = Guid.CreateVersion7(At),
            At = At,
            From = "h1/a",
            To = "h2/b",
            FromAddress = A,
            Filter = "everything",
            Expression = "",
            Seconds = 10,
            Points = [Inside("a") with { Mac = Random, ClockAhead = TimeSpan.FromMilliseconds(3) }],
            Headlines = ["one"],
        };
        var read = CaptureReport.FromJson(report.ToJson())!;
        Assert.Equal(report.Points[0], read.Points[0]);
        Assert.Equal((A, (Ip?)null, "one"), (read.FromAddress, read.ToAddress, read.Headline));
        Assert.Null(CaptureReport.FromJson("{}"));
    }

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private sealed record Sent(string Identity, Ip From, Ip To, TimeSpan When, int[] Points)
    {
        public string Mac { get; init; } = Recorded;
    }

    private static Sent Ping(int seq, params int[] points) => new(Text($"request {seq}"), A, B, TimeSpan.FromMilliseconds(10 * seq), points);

    private static Sent Reply(int seq, params int[] points) => new(Text($"reply {seq}"), B, A, TimeSpan.FromMilliseconds((10 * seq) + 5), points);

    private static Sent Arp(int milliseconds, params int[] points) => new("arp", A, Ip.Parse("169.254.1.1"), TimeSpan.FromMilliseconds(milliseconds), points);

    private static CaptureTimeline Build(CapturedPoint[] points, params Sent[] sent) => Build(points, (_, t) => t, sent);

    private static CaptureTimeline Build(CapturedPoint[] points, Func<int, DateTimeOffset, DateTimeOffset> clock, params Sent[] sent) =>
        CaptureTimeline.Build([.. points.Select((point, i) => Track(point, [.. sent.Where(s => s.Points.Contains(i))
            .Select(s => Packet(clock(i, At + s.When + TimeSpan.FromMilliseconds(2 * Array.IndexOf(s.Points, i))), s.Identity, s.From, s.To, s.Mac))]))], A, B);

    private static CaptureTrack Track(CapturedPoint point, params TrackedPacket[] packets) => new(point, [.. packets]);

    private static TrackedPacket Packet(DateTimeOffset at, string identity, Ip from, Ip to, string mac = Recorded) => new(at, 98, new PacketFacts
    {
        Identity = identity,
        Protocol = identity.StartsWith("arp", StringComparison.Ordinal) ? "arp" : "icmp",
        Source = from,
        Destination = to,
        DestinationMac = mac,
        SourceMac = Recorded,
        Summary = identity.StartsWith("reply", StringComparison.Ordinal) ? "echo reply, seq 1" : "echo request, seq 1",
    });

    private static CapturedPoint Inside(string name) =>
        Point(new CapturePoint($"{name}-inside", CapturePlace.Inside, Machine(name)) { Interface = "cali0" }, name);

    private static CapturedPoint Host(string name) =>
        Point(new CapturePoint($"{name}-host", CapturePlace.HostSide, Machine(name)) { Interface = $"cali{name}" }, name);

    private static CapturedPoint Point(CapturePoint point, string name) =>
        new(point with { ContainerId = name, Container = name, Address = name == "a" ? A : B }) { From = At - Long, Until = At + Long, Mac = Recorded };

    private static string Machine(string name) => name == "a" ? "h1" : "h2";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
