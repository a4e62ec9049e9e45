// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> Mips64 =>
    [
        Absent, 5022, 5152, 5042, 5293, 5020, 5158, 5239, 5154, 5176, 5037, Absent, Absent, Absent, Absent, Absent, Absent, 5048, 5315,
        Absent, Absent, 5012, 5198, 5197, 5451, 5123, 5124, 5078, 5088, 5090, Absent, 5156, 5300, Absent, 5223, Absent, 5222, Absent,
        5224, Absent, 5221, Absent, 5055, 5435, 5003, 5436, 5041, 5320, 5083, 5167, 5169, 5031, 5032, 5286, 5207, 5285, 5208, Absent,
        5272, 5441, 5209, Absent, 5278, 5284, 5057, 5316, 5058, 5205, 5259, 5439, 5215, Absent, 5279, 5295, 5296, 5079, 5089, 5258,
        5452, 5091, Absent, 5250, 5070, Absent, 5073, 5185, 5468, 5469, 5307, 5188, 5071, 5056, 5191, 5431, 5182, 5432, 5430, 5433,
        5005, Absent, Absent, 5135, Absent, 5072, Absent, 5075, Absent, 5194, 5456, Absent, 5455, 5449, 5454, 5251, 5170, 5228, 5269,
        Absent, Absent, 5271, 5077, 5076, 5308, 5106, Absent, 5105, Absent, 5102, Absent, 5113, Absent, 5035, Absent, 5051, 5119, 5109,
        5038, 5174, 5108, 5137, 5313, 5118, Absent, 5116, Absent, 5095, 5096, 5122, 5050, 5054, 5178, 5094, 5100, Absent, 5183, 5464,
        Absent, Absent, 5168, 5244, 5243, 5288, 5245, 5204, 5201, 5202, 5328, Absent, 5200, 5203, 5426, 5427, 5425, 5015, Absent,
        Absent, 5274, 5273, Absent, 5306, Absent, 5270, 5241, 5060, 5445, 5444, 5446, 5092, Absent, 5184, 5084, 5255, 5049, 5458, 5470,
        5186, 5465, 5187, Absent, 5206, 5190, 5008, 5181, 5459, 5461, 5460, 5006, Absent, 5027, 5453, 5227, 5318, 5314, Absent, 5246,
        5026, 5081, 5248, 5131, 5249, 5146, 5319, 5148, 5009, Absent, Absent, 5160, 5442, 5429, 5267, 5010, Absent, 5235, 5234, 5230,
        5233, Absent, 5232, Absent, 5231, 5024, 5462, 5069, 5066, 5068, 5067, 5025, Absent, 5147, 5149, 5011, 5298, 5034, 5252, 5173,
        Absent, Absent, Absent, Absent, Absent, Absent, 5002, 5299, 5428, 5467, 5247, 5437, 5033, Absent, Absent, Absent, 5292, 5132,
        5438, 5434, 5424, 5021, 5287, 5151, 5324, 5325, 5323, 5007, 5261, Absent, 5153, 5016, 5289, 5321, 5297, 5440, 5448, 5304, 5305,
        Absent, Absent, 5260, Absent, 5099, 5175, 5017, 5290, 5322, 5171, 5172, 5443, 5000, 5179, Absent, 5087, 5257, 5018, 5164,
        Absent, 5044, 5294, Absent, 5046, 5210, 5189, 5466, 5080, 5254, 5311, 5240, 5213, Absent, Absent, 5082, 5327, 5471, 5013, 5125,
        5014, 5127, 5211, 5128, 5126, Absent, 5291, Absent, Absent, Absent, Absent, Absent, Absent, 5143, 5144, 5196, 5310, 5140, 5142,
        5145, Absent, 5195, 5309, 5139, 5141, 5023, 5312, Absent, Absent, 5064, 5062, 5063, 5214, Absent, Absent, 5039, Absent, 5302,
        5045, 5043, 5229, 5450, 5268, 5242, 5212, Absent, 5166, 5121, Absent, 5120, Absent, 5104, Absent, 5114, Absent, 5165, 5036,
        5303, 5107, 5138, 5112, Absent, 5117, Absent, 5115, Absent, 5111, Absent, 5155, 5110, 5053, 5159, 5103, Absent, 5180, 5463,
        Absent, 5029, 5030, 5065, 5028, 5047, Absent, 5129, Absent, 5276, 5283, Absent, Absent, Absent, Absent, 5040, Absent, 5052,
        5263, Absent, Absent, Absent, 5004, Absent, 5134, Absent, 5457, 5326, Absent, Absent, Absent, Absent, 5163, 5162, Absent, 5086,
        5256, 5157, 5264, Absent, 5301, Absent, Absent, 5136, 5097, 5101, 5199, 5265, 5225, Absent, 5216, 5220, 5219, 5218, Absent,
        5217, Absent, 5277, 5280, 5281, Absent, 5282, Absent, 5098, 5192, 5074, Absent, Absent, Absent, Absent, 5093, Absent, 5161,
        5061, 5085, 5253, 5262, Absent, Absent, Absent, 5317, Absent, Absent, 5133, 5130, 5275, Absent, 5226, Absent, 5150, Absent,
        Absent, 5266, 5236, 5059, 5237, Absent, 5001, 5019,
    ];
}
