using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET|POST captures</c>, <c>GET captures/{id}</c>, <c>GET captures/{id}/packets</c>, <c>GET captures/{id}/pcap</c>, <c>POST nodes/{host}/helper-image</c>,
/// <c>POST nodes/{host}/sweep-helpers</c>.
/// </summary>
internal static class CapturesApi
{
    private const string PcapType = "application/vnd.tcpdump.pcap";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("captures", ListAsync).WithName("listCaptures").WithSummary("Captures that were kept, newest first").AnswersList<CaptureListed>();
        api.MapPost("captures", CaptureAsync).WithName("capture")
            .WithSummary("Captures packets at several points at once; points are keys such as from-inside, from-host, from-uplink, to-uplink, to-host, "
                + "to-inside, or host:interface; data.id is the capture's")
            .Accepts<CaptureAsked>("application/json").WithChangeAnswers();
        api.MapGet("captures/{id:guid}", GetAsync).WithName("getCapture").WithSummary("A capture: its points, how each ended, and what became of the packets")
            .Produces<JsonElement>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("captures/{id:guid}/packets", PacketsAsync).WithName("getCapturePackets")
            .WithSummary("Its packets on one time line, each with where it was seen, its MACs there, and what became of it")
            .AnswersList<PacketAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("captures/{id:guid}/pcap", FileAsync).WithName("getCaptureFile")
            .WithSummary("What one of its points saw, as a pcap file; point counts from 0")
            .Produces<byte[]>(StatusCodes.Status200OK, PcapType).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("nodes/{host}/helper-image", LoadAsync).WithName("loadHelperImage")
            .WithSummary("Loads the console's helper image, in which tcpdump runs, onto a Docker host, without a registry").WithChangeAnswers();
        api.MapPost("nodes/{host}/sweep-helpers", SweepAsync).WithName("sweepHelpers")
            .WithSummary("Removes helper containers that nobody waits for any more; the console does it by itself too").WithChangeAnswers();
    }

    /// <summary>The download for pages, which sign in by cookie.</summary>
    public static void MapDownload(IEndpointRouteBuilder routes) =>
        routes.MapGet("/connectivity/captures/{id:guid}/pcap/{point:int}", (Guid id, int point, ICaptures captures, HttpContext http) =>
            AnswerFileAsync(id, point, captures, http)).ExcludeFromDescription();

    /// <summary>What the file of a point is called.</summary>
    public static string FileName(Guid id, int point) => string.Create(CultureInfo.InvariantCulture, $"capture-{id:N}-{point}.pcap");

    private static async Task<IResult> ListAsync(ICaptures captures, HttpContext http) => ApiList.OfFew(
        await captures.NewestAsync(ICaptures.Most, http.RequestAborted), c => c.Id.ToString(),
        c => new CaptureListed(c.Id, c.At, c.From, c.To, c.Filter, c.Packets, c.Bytes, c.Headline));

    private static async Task<IResult> CaptureAsync(HttpContext http, Changes changes, HelperImage helper)
    {
        var body = await RequestBody.ReadAsync(http.Request, Read);
        return body.Value is { } request
            ? await changes.AnswerAsync(http, new Capture(request, helper.Image), null, _ => null, FeedWords.Etcd)
            : body.Refusal!;
    }

    private static CaptureRequest Read(RequestObject o)
    {
        var usual = new CaptureLimits();
        var (protocol, port, hosts, arp) = (o.Text("protocol") ?? "", o.Number("port", 0), o.Texts("hosts"), o.Flag("arp", true));
        var request = new CaptureRequest(o.Text("from") ?? "", o.Text("to") ?? "")
        {
            Points = o.Texts("points"),
            Limits = new CaptureLimits(o.Number("seconds", usual.Seconds), o.Number("packets", usual.Packets), o.Number("mib", usual.MiB)),
            Ping = o.Flag("ping", false),
        };
        return request with { Only = new CaptureOnly(protocol, port == 0 ? null : port, hosts, arp) };
    }

    private static async Task<IResult> GetAsync(Guid id, ICaptures captures, HttpContext http) =>
        await captures.FindAsync(id, http.RequestAborted) is { } kept
            ? TypedResults.Content(kept.Document, "application/json") : ApiProblems.NotFound("capture", id.ToString());

    private static async Task<IResult> PacketsAsync(Guid id, ICaptures captures, IPacketDecoder decoder, HttpContext http)
    {
        var errors = new List<FieldError>();
        _ = PageRequest.Read(http, errors);
        if (errors.Count > 0)
        {
            return PageRequest.Refused(errors);
        }

        if (await captures.FindAsync(id, http.RequestAborted) is not { } kept || CaptureReport.FromJson(kept.Document) is not { } report)
        {
            return ApiProblems.NotFound("capture", id.ToString());
        }

        var timeline = PcapTracks.Timeline(report, await captures.FilesAsync(id, http.RequestAborted), decoder);
        return ApiList.OfFew([.. timeline.Rows.Select((r, i) => (Row: r, Index: i))], r => r.Index.ToString("D6", CultureInfo.InvariantCulture),
            r => PacketAnswer.From(r.Index, r.Row));
    }

    private static Task<IResult> FileAsync(Guid id, int? point, ICaptures captures, HttpContext http) => AnswerFileAsync(id, point ?? 0, captures, http);

    private static async Task<IResult> AnswerFileAsync(Guid id, int point, ICaptures captures, HttpContext http) =>
        await captures.FileAsync(id, point, http.RequestAborted) is { } file
            ? TypedResults.File(file.ToArray(), PcapType, FileName(id, point))
            : ApiProblems.NotFound("point of a capture", string.Create(CultureInfo.InvariantCulture, $"{id}/{point}"));

    private static async Task<IResult> LoadAsync(string host, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings,
        HelperImage helper) => FeedGate.HostMissing(state, settings, host) is { } missing
        ? missing : await changes.AnswerAsync(http, new LoadHelperImage(host, helper.Image), null, _ => null, FeedGate.Docker(host));

    private static async Task<IResult> SweepAsync(string host, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings,
        HelperContainers helpers, TimeProvider time)
    {
        if (FeedGate.HostMissing(state, settings, host) is { } missing)
        {
            return missing;
        }

        ImmutableArray<string> left = [.. state.Current.Hosts.GetValueOrDefault(host)?.Containers.Values
            .Where(c => HelperContainers.IsHelper(c) && helpers.IsOrphan(c, time.GetUtcNow())).Select(c => c.Id) ?? []];
        return await changes.AnswerAsync(http, new SweepHelpers(host, left), null, _ => null, FeedGate.Docker(host));
    }
}

/// <summary>What is to be captured. Without <c>hosts</c> packets from or to the two ends are taken.</summary>
internal sealed record CaptureAsked(
    string? From, string? To, ImmutableArray<string> Points, string? Protocol, int? Port, ImmutableArray<string> Hosts, bool? Arp, int? Seconds, int? Packets,
    int? Mib, bool? Ping);

/// <summary>A capture in the list.</summary>
internal sealed record CaptureListed(
    Guid Id, DateTimeOffset At, string From, string To, string Filter, int Packets, long Bytes, string Headline);

/// <summary>A packet on the time line; <c>seen</c> has an entry for each point, null where it was not seen.</summary>
internal sealed record PacketAnswer(
    int Index, DateTimeOffset At, string Protocol, string? Source, string? Destination, string Summary, string Fate, string Verdict,
    ImmutableArray<SightingAnswer?> Seen)
{
    public static PacketAnswer From(int index, TimelineRow row)
    {
        var facts = row.First.Facts;
        return new(index, row.First.At, facts.Protocol, facts.Source?.ToString(), facts.Destination?.ToString(), facts.Summary,
            JsonNamingPolicy.CamelCase.ConvertName(row.State.ToString()), row.Verdict,
            [.. row.Seen.Select(s => s is null ? null : new SightingAnswer(s.At, s.Facts.SourceMac, s.Facts.DestinationMac, s.Facts.Ttl, s.Length))]);
    }
}

/// <summary>A packet at one point.</summary>
internal sealed record SightingAnswer(DateTimeOffset At, string SourceMac, string DestinationMac, int? Ttl, int Length);
