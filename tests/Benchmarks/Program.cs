using System.Globalization;
using CalicoConsole.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- NAME [count]
if (args is ["lists", var other, ..])
{
    await ListBenchmark.RunAsync(Path.GetFullPath(other), args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000, CancellationToken.None);
    return 0;
}

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : (int?)null;
switch (args.FirstOrDefault())
{
    case "etcd":
        await EtcdBenchmark.RunAsync(count ?? 100_000, CancellationToken.None);
        return 0;
    case "core":
        CoreBenchmark.Run(count ?? 100_000);
        return 0;
    case "ipam":
        IpamBenchmark.Run(count ?? 100_000);
        return 0;
    case "reachability":
        ReachabilityBenchmark.Run();
        return 0;
    case "assertions":
        AssertionBenchmark.Run(count ?? 100);
        return 0;
    case "api":
        await ApiBenchmark.RunAsync(count ?? 100_000, CancellationToken.None);
        return 0;
    case "browser":
        await BrowserBenchmark.RunAsync(count ?? 10_000, CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: etcd [keys]           a real etcd on loopback: watch latency, first listing against a raw read
                   core [endpoints]      decode and index, selectors, export and reading of manifests, each beside a raw baseline
                   ipam [endpoints]      IPAM joined with its users: everything once, one change
                   reachability          verdict, compilation, matrix, preview of one profile
                   assertions [count]    evaluated on 10,000 endpoints x 1,000 policies, and within a preview beside the preview alone
                   api [endpoints]       lists of the API, whole and by pages, over HTTP (build src/Web in the same configuration first)
                   lists FOLDER [endpoints]   the list of endpoints beside that of another published console, taking turns (publish it to FOLDER first)
                   browser [endpoints]   the console in real Chromium: changes until drawn, first paint, memory (build src/Web in the same configuration first)
            """);
        return 2;
}
