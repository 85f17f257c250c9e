using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The images that can be pulled in the sandbox, and what registries answer for all others (observed with Docker 20.10).</summary>
internal static class Registry
{
    private static readonly ImmutableArray<SimulatedImage> Known =
    [
        Node("v2.6.9"), Node("v2.6.10"), Node("v2.6.12"),
        new("busybox:latest", [758_000]) { Command = ["sh"], HasBusybox = true },
        new("alpine:3.8", [2_207_000]) { Command = ["/bin/sh"], HasBusybox = true },
        new("alpine:latest", [2_207_000]) { Command = ["/bin/sh"], HasBusybox = true },
        Nginx("1.15-alpine", alpine: true), Nginx("1.15"), Nginx("latest"),
        Postgres("9.6-alpine", alpine: true), Postgres("9.6"), Postgres("latest"),
        Redis("4.0-alpine", alpine: true), Redis("4.0"), Redis("latest"),
    ];

    /// <summary>The image of a reference, with or without its default parts; null when there is none.</summary>
    public static SimulatedImage? Find(string reference)
    {
        var normal = DockerSyntax.NormalizeImage(reference);
        return Known.FirstOrDefault(i => i.Reference == normal);
    }

    /// <summary>Why a pull is refused.</summary>
    public static DockerHostException Refusal(Machine machine, string reference)
    {
        var normal = DockerSyntax.NormalizeImage(reference);
        var repository = normal.Split('@')[0];
        repository = repository[..(repository.LastIndexOf(':') is var colon && colon > repository.LastIndexOf('/') ? colon : repository.Length)];
        var server = repository.Split('/')[0];
        if (Known.Any(i => i.Repository == repository))
        {
            return machine.Refuse(404, $"manifest for {normal} not found: manifest unknown: manifest unknown");
        }

        if (!repository.Contains('/', StringComparison.Ordinal)
            || !(server.Contains('.', StringComparison.Ordinal) || server.Contains(':', StringComparison.Ordinal)))
        {
            return machine.Refuse(404,
                $"pull access denied for {repository}, repository does not exist or may require 'docker login': denied: "
                + "requested access to the resource is denied");
        }

        return server == "quay.io"
            ? machine.Refuse(500, "unauthorized: access to the requested resource is not authorized")
            : machine.Refuse(500, $"Get \"https://{server}/v2/\": dial tcp: lookup {server.Split(':')[0]}: no such host");
    }

    private static SimulatedImage Node(string tag) =>
        new($"quay.io/calico/node:{tag}", [2_206_000, 9_871_000, 1_240, 41_355_000, 43_187_000, 11_804_000]) { Command = ["start_runit"], HasBusybox = true };

    private static SimulatedImage Nginx(string tag, bool alpine = false) =>
        new($"nginx:{tag}", [Base(alpine), 4_320_000, 202]) { Command = ["nginx", "-g", "daemon off;"], HasBusybox = alpine, Listens = [80] };

    private static SimulatedImage Postgres(string tag, bool alpine = false) => new($"postgres:{tag}", [Base(alpine), 1_780, 1_419_000, 24_690_000])
    {
        Entrypoint = ["docker-entrypoint.sh"],
        Command = ["postgres"],
        Says = ["LOG:  database system was shut down", "LOG:  MultiXact member wraparound protections are now enabled",
            "LOG:  database system is ready to accept connections"],
        HasBusybox = alpine,
        Listens = [5432],
    };

    private static SimulatedImage Redis(string tag, bool alpine = false) => new($"redis:{tag}", [Base(alpine), 1_753, 9_470_000])
    {
        Entrypoint = ["docker-entrypoint.sh"],
        Command = ["redis-server"],
        Says = ["1:M * Server initialized", "1:M * Ready to accept connections"],
        HasBusybox = alpine,
        Listens = [6379],
    };

    private static long Base(bool alpine) => alpine ? 2_207_000 : 22_486_000;
}
