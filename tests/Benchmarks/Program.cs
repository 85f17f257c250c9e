using System.Globalization;
using CalicoConsole.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- etcd [keys]
if (args is not ["etcd", ..])
{
    Console.Error.WriteLine("usage: etcd [keys]   (a real etcd on loopback: watch latency, first listing against a raw read)");
    return 2;
}

await EtcdBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000, CancellationToken.None);
return 0;
