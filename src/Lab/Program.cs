System.Console.WriteLine("The lab node is being built.");
