using System.Globalization;
using CalicoConsole.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- etcd [keys] | ipam [endpoints] | reachability
if (args is ["ipam", ..])
{
    IpamBenchmark.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000);
    return 0;
}

if (args is ["reachability"])
{
    ReachabilityBenchmark.Run();
    return 0;
}

if (args is not ["etcd", ..])
{
    Console.Error.WriteLine("usage: etcd [keys]        (a real etcd on loopback: watch latency, first listing against a raw read)");
    Console.Error.WriteLine("       ipam [endpoints]   (IPAM joined with its users: everything once, one change)");
    Console.Error.WriteLine("       reachability       (verdict, compilation, matrix, preview of one profile)");
    return 2;
}

await EtcdBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000, CancellationToken.None);
return 0;
