using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CsCheck;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class IpamIndexPropertyTests
{
    private static readonly string[] Blocks = ["10.60.0.0/26", "10.60.0.64/26", "10.99.0.0/26"];

    [Fact]
    public void Next_AnySequenceOfChanges_FindsWhatALookAtEverythingFinds() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 7], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 60].Sample(steps =>
        {
            var cluster = IpamCluster.Sound();
            var snapshot = cluster.Snapshot();
            var index = IpamIndex.From(snapshot, IpamCluster.Start);
            foreach (var step in steps)
            {
                var before = cluster.Keys.ToDictionary(k => k, k => cluster.Find(k)!.Revision);
                var hosts = Step(cluster, step.Item1, step.Item2, Blocks[step.Item3], $"n{step.Item4}");
                var changed = before.Keys.Union(cluster.Keys)
                    .Where(k => !before.TryGetValue(k, out var revision) || cluster.Find(k)?.Revision != revision)
                    .ToImmutableArray();

                // The state is made by the changes too, as the feed makes it.
                var calico = changed.Aggregate(snapshot.Calico, (state, key) => CalicoStateUpdate.Apply(state, Change(key, cluster.Find(key))).State);
                snapshot = cluster.Snapshot() with { Calico = calico };
                index = index.Next(snapshot, changed, hosts, IpamCluster.Start);

                // What keys leave, their directories, a listing tells as well.
                var listed = CalicoStateUpdate.FromListing([.. calico.Keys.All], calico.Revision, [.. calico.BareHosts.Select(V1Keys.Host)]);
                var anew = IpamIndex.From(snapshot with { Calico = listed }, IpamCluster.Start);
                Assert.Equal(anew.Findings, index.Findings);
                Assert.Equal(anew.Suspects, index.Suspects);
            }
        });

    [Fact]
    public void Blocks_AnySequenceWithHandles_KeepHandlesEqualToTheBlocks() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 63], Gen.Int[0, 2]).Array[0, 80].Sample(steps =>
        {
            var block = BlockArithmetic.NewBlock(Cidr.Parse(Blocks[0]), "n1", false);
            var handles = new Dictionary<string, IpamHandle>(StringComparer.Ordinal);
            foreach (var (take, ordinal, who) in steps)
            {
                var owner = who == 0 ? BlockArithmetic.Nobody : new IpamAttribute($"h{who}", null);
                var address = BlockArithmetic.AddressAt(block, ordinal);
                if (take && BlockArithmetic.Assign(block, address, "n1", owner).Block is { } taken)
                {
                    block = taken;
                    if (owner.HandleId is { } id)
                    {
                        handles[id] = handles.GetValueOrDefault(id, IpamHandle.None).Plus(block.Cidr, 1);
                    }
                }
                else if (!take)
                {
                    var released = BlockArithmetic.Release(block, [address]);
                    block = released.Block;
                    foreach (var (id, count) in released.Handles)
                    {
                        handles[id] = handles[id].Minus(block.Cidr, count)!;
                    }
                }
            }

            var cluster = IpamCluster.Sound().Put(V1Keys.IpamBlock(block.Cidr), IpamBlockCodec.Encode(block));
            foreach (var (id, handle) in handles.Where(h => !h.Value.Blocks.IsEmpty))
            {
                cluster.Put(V1Keys.IpamHandle(id), IpamHandleCodec.Encode(handle));
            }

            foreach (var (address, _) in BlockArithmetic.Allocated(block))
            {
                cluster.WithEndpoint("n1", address.ToString(), address.ToString());
            }

            // Every ordinal is free once or allocated, every owner is named, every handle counts what the block holds.
            Assert.Empty(cluster.Index().Findings);
            Assert.Equal(64, block.Unallocated.Length + block.Used);
            Assert.All(block.Attributes.IsDefault ? [] : block.Attributes.Select((_, i) => i), i => Assert.Contains(i, block.Allocations.OfType<int>()));
        });

    private static ImmutableArray<string> Step(IpamCluster cluster, int what, int number, string block, string node)
    {
        var cidr = Cidr.Parse(block);
        var address = cidr.First.Plus((UInt128)number).ToString();
        var owner = number % 3 == 0 ? BlockArithmetic.Nobody : new IpamAttribute($"h{number % 3}", null);
        switch (what)
        {
            case 0 or 1:
                cluster.WithBlock(block, number == 0 ? null : node, owner, [.. Enumerable.Range(0, number)]);
                break;
            case 2:
                cluster.Remove(V1Keys.IpamBlock(cidr));
                break;
            case 3:
                cluster.WithEndpoint(node, $"e{number}", address, number == 1 ? "openstack" : "libnetwork");
                break;
            case 4:
                cluster.Remove(V1Keys.WorkloadEndpoint(IpamCluster.Endpoint(node, $"e{number}", address, number == 1 ? "openstack" : "libnetwork").Id));
                break;
            case 5:
                cluster.WithTunnel(node, number == 7 ? "nonsense" : address);
                break;
            case 6:
                cluster.Remove(V1Keys.FelixConfig("IpInIpTunnelAddr", node));
                break;
            case 7:
                cluster.WithAffinity(node, block);
                break;
            case 8:
                cluster.Remove(V1Keys.IpamAffinity(node, cidr));
                break;
            case 9:
                cluster.WithHandle($"h{number % 3}", block, number + 1);
                break;
            case 10:
                cluster.Remove(V1Keys.IpamHandle($"h{number % 3}"));
                break;
            case 11:
                _ = number switch
                {
                    < 4 => cluster.WithPool(IpamCluster.Pool, disabled: number == 1),
                    < 6 => cluster.Remove(V1Keys.Pool(Cidr.Parse(IpamCluster.Pool))),
                    _ => cluster.WithPool("10.99.0.0/24"),
                };
                break;
            default:
                _ = number switch
                {
                    < 3 => cluster.WithNode(node),
                    < 5 => cluster.Remove(V1Keys.Node(node, NodePart.Metadata)),
                    _ => cluster.WithContainer(node, "web", address, number == 5 ? "exited" : "running"),
                };
                return [node];
        }

        return [];
    }

    private static DatastoreUpdate.Change Change(string key, StoredKey? stored) => new(key, stored, false, stored?.Revision ?? 0);
}
