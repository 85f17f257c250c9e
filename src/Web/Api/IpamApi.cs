using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET ipam</c>, <c>GET ipam/addresses/{ip}</c>, <c>POST ipam/release</c>, <c>POST ipam/handles/{id}/rebuild</c>,
/// <c>DELETE ipam/affinities/{node}/{block with '-' for '/'}</c>, <c>PUT ipam/config</c>.
/// </summary>
internal static class IpamApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("ipam", Get).WithName("getIpam").WithSummary("Blocks, utilisation by pool and node, and findings; pool=<cidr> limits it to one pool")
            .Produces<IpamAnswer>();
        api.MapGet("ipam/addresses/{ip}", Find).WithName("findAddress").WithSummary("The pool, block, node and holder of an address").Produces<AddressAnswer>();
        api.MapPost("ipam/release", ReleaseAsync).WithName("releaseAddresses").WithSummary("Releases addresses that nobody uses: {\"addresses\":[\"...\"]}")
            .Accepts<ReleaseBody>("application/json").WithChangeAnswers();
        api.MapPost("ipam/handles/{id}/rebuild", RebuildAsync).WithName("rebuildHandle").WithSummary("Counts a handle anew from the blocks")
            .WithChangeAnswers();
        api.MapDelete("ipam/affinities/{node}/{block}", ReleaseAffinityAsync).WithName("releaseAffinity")
            .WithSummary("Ends a node's claim to a block: an empty block is deleted, another stays without an owner").WithChangeAnswers();
        api.MapPut("ipam/config", ConfigureAsync).WithName("setIpamConfig")
            .WithSummary("Sets strict affinity and the automatic claiming of blocks; refused while any block exists")
            .Accepts<IpamConfigBody>("application/json").WithChangeAnswers();
    }

    private static IResult Get(string? pool, IpamState ipam, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (string.IsNullOrEmpty(pool))
        {
            return TypedResults.Ok(IpamAnswer.From(ipam.Current, null));
        }

        if (!TryCidr(pool, out var cidr))
        {
            return Invalid("pool", $"'{pool}' is not a CIDR");
        }

        return state.Current.Calico.IPPools.ContainsKey(cidr) ? TypedResults.Ok(IpamAnswer.From(ipam.Current, cidr))
            : ApiProblems.NotFound(KindNames.IPPool, pool);
    }

    private static IResult Find(string ip, IpamState ipam, IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? (AddressWords.TryRead(ip, out var address) ? TypedResults.Ok(AddressAnswer.From(address, ipam.Current))
            : Invalid("ip", $"'{ip}' is not an IP address"));

    private static async Task<IResult> ReleaseAsync(HttpContext http, Changes changes, IpamState ipam, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new ReleaseBody([.. o.Texts("addresses")]));
        if (body.Value is not { } wanted)
        {
            return body.Refusal!;
        }

        var addresses = ImmutableArray.CreateBuilder<Ip>();
        var errors = new List<FieldError>();
        for (var i = 0; i < wanted.Addresses.Length; i++)
        {
            if (AddressWords.TryRead(wanted.Addresses[i], out var address))
            {
                addresses.Add(address);
            }
            else
            {
                errors.Add(new FieldError(string.Create(CultureInfo.InvariantCulture, $"addresses[{i}]"), $"'{wanted.Addresses[i]}' is not an IP address"));
            }
        }

        if (errors.Count == 0 && addresses.Count == 0)
        {
            errors.Add(new FieldError("addresses", "at least one address is needed"));
        }

        return errors.Count > 0
            ? ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")),
                errors)
            : await changes.AnswerAsync(http, new ReleaseAddresses(addresses.ToImmutable()), null,
                _ => addresses.Select(a => AddressAnswer.From(a, ipam.Current)).ToArray(), FeedGate.Etcd);
    }

    private static async Task<IResult> RebuildAsync(string id, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        FeedGate.EtcdMissing(state, settings)
        ?? await changes.AnswerAsync(http, new RebuildHandle(id), null, s => s.Calico.Keys.Find(Core.Model.V1.V1Keys.IpamHandle(id))?.Text, FeedGate.Etcd);

    private static async Task<IResult> ReleaseAffinityAsync(string node, string block, HttpContext http, Changes changes, IpamState ipam, IClusterState state,
        ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (!TryCidr(block, out var cidr) || cidr != BlockArithmetic.BlockOf(cidr.Address))
        {
            return Invalid("block", $"'{block}' is not a block: a masked /26, or /122 for IPv6, with '-' for '/'");
        }

        return await changes.AnswerAsync(
            http, new ReleaseAffinity(node, cidr), null, s =>
                s.Calico.Blocks.GetValueOrDefault(cidr) is { } stored ? BlockAnswer.From(stored.Value, ipam.Current) : null, FeedGate.Etcd);
    }

    private static async Task<IResult> ConfigureAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        // A member that is left out keeps Calico's default.
        var body = await RequestBody.ReadAsync(http.Request, o => new IpamConfigBody(
            o.Flag("strictAffinity", IpamConfig.Default.StrictAffinity),
            o.Flag("autoAllocateBlocks", IpamConfig.Default.AutoAllocateBlocks)));
        return body.Value is { } config
            ? await changes.AnswerAsync(http, new SetIpamConfig(new IpamConfig(config.StrictAffinity, config.AutoAllocateBlocks)), null,
                s => IpamConfigAnswer.From(s.Calico), FeedGate.Etcd)
            : body.Refusal!;
    }

    private static bool TryCidr(string text, out Cidr cidr) => Cidr.TryParseKeyPart(text, out cidr) || Cidr.TryParse(text, out cidr);

    private static IResult Invalid(string field, string reason) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", $"{field}: {reason}", [new(field, reason)]);
}

/// <summary>The addresses to release.</summary>
internal sealed record ReleaseBody(string[] Addresses);
